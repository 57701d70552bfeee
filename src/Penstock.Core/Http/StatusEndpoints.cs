using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Penstock.Http;

internal static class StatusEndpoints
{
    internal static void MapStatus(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/healthz", static context => context.Response.WriteAsync("{\"status\":\"ok\"}", context.RequestAborted));
}
