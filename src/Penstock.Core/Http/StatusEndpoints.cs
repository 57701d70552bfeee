using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Penstock.Hosting;

namespace Penstock.Http;

/// <summary>What is not the API: who we are, whether we live, whether we want requests, and that there is nothing else.</summary>
internal static class StatusEndpoints
{
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    private static readonly byte[] About = System.Text.Encoding.UTF8.GetBytes(
        $$"""{"name":"{{Product.Name}}","version":"{{Product.Version}}","license":"{{Product.License}}","source":"{{Product.Source}}"}""");

    private static readonly byte[] Live = """{"status":"ok"}"""u8.ToArray();
    private static readonly byte[] Ready = """{"status":"ready"}"""u8.ToArray();
    private static readonly byte[] Starting = """{"status":"starting"}"""u8.ToArray();
    private static readonly byte[] Draining = """{"status":"draining"}"""u8.ToArray();

    /// <summary>The reference's shape beside the one that OpenAI clients read.</summary>
    private static readonly byte[] Nothing =
        """{"message":"There is nothing at this path. The API is below /v1.","ok":false,"error":{"message":"There is nothing at this path. The API is below /v1.","type":"invalid_request_error","param":null,"code":"unknown_path"}}"""u8.ToArray();

    public static void MapStatus(this IEndpointRouteBuilder routes, ListenerFacts listeners, Drain drain)
    {
        routes.MapMethods("/", Reading, static context => WriteAsync(context, StatusCodes.Status200OK, About));
        routes.MapMethods("/healthz", Reading, static context => WriteAsync(context, StatusCodes.Status200OK, Live));
        routes.MapMethods("/readyz", Reading, context =>
            drain.IsDraining ? WriteAsync(context, StatusCodes.Status503ServiceUnavailable, Draining)
            : listeners.IsKnown ? WriteAsync(context, StatusCodes.Status200OK, Ready)
            : WriteAsync(context, StatusCodes.Status503ServiceUnavailable, Starting));
        routes.MapFallback("{**path}", static context => WriteAsync(context, StatusCodes.Status404NotFound, Nothing));
    }

    private static Task WriteAsync(HttpContext context, int status, byte[] body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
