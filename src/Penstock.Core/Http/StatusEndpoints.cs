using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Penstock.Hosting;
using Penstock.Pipeline;

namespace Penstock.Http;

/// <summary>What is not the API: who we are, whether we live, whether we want requests, and that there is nothing else.</summary>
internal static class StatusEndpoints
{
    private const string Reading = "GET, HEAD";

    private static readonly byte[] About = System.Text.Encoding.UTF8.GetBytes(
        $$"""{"name":"{{Product.Name}}","version":"{{Product.Version}}","license":"{{Product.License}}","source":"{{Product.Source}}"}""");

    private static readonly byte[] Live = """{"status":"ok"}"""u8.ToArray();
    private static readonly byte[] Ready = """{"status":"ready"}"""u8.ToArray();
    private static readonly byte[] Starting = """{"status":"starting"}"""u8.ToArray();
    private static readonly byte[] Draining = """{"status":"draining"}"""u8.ToArray();

    /// <summary>The reference's shape beside the one that OpenAI clients read.</summary>
    private static readonly byte[] Nothing =
        """{"message":"There is nothing at this path. The API is below /v1.","ok":false,"error":{"message":"There is nothing at this path. The API is below /v1.","type":"invalid_request_error","param":null,"code":"unknown_path"}}"""u8.ToArray();

    private static readonly GatewayError ReadOnly =
        new(405, $"This path can only be read. Use one of {Reading}.", GatewayError.InvalidRequest, "method_not_allowed");

    public static void MapStatus(this IEndpointRouteBuilder routes, ListenerFacts listeners, Drain drain)
    {
        MapReading(routes, "/", static context => WriteAsync(context, StatusCodes.Status200OK, About));
        MapReading(routes, "/healthz", static context => WriteAsync(context, StatusCodes.Status200OK, Live));
        MapReading(routes, "/readyz", context =>
            drain.IsDraining ? WriteAsync(context, StatusCodes.Status503ServiceUnavailable, Draining)
            : listeners.IsKnown ? WriteAsync(context, StatusCodes.Status200OK, Ready)
            : WriteAsync(context, StatusCodes.Status503ServiceUnavailable, Starting));
        routes.MapFallback("{**path}", static context =>
        {
            ReplyHeaders.AddNoRoute(context.Response.Headers);
            return WriteAsync(context, StatusCodes.Status404NotFound, Nothing);
        });
    }

    private static void MapReading(IEndpointRouteBuilder routes, string path, RequestDelegate answer) => routes.Map(path, context =>
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) return answer(context);
        ReplyHeaders.AddTrace(context.Response.Headers, TraceId.For(context.Request.Headers));
        context.Response.Headers.Allow = Reading;
        return ReplyWriter.WriteErrorAsync(context, ReadOnly);
    });

    private static Task WriteAsync(HttpContext context, int status, byte[] body)
    {
        var response = context.Response;
        ReplyHeaders.AddTrace(response.Headers, TraceId.For(context.Request.Headers));
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
