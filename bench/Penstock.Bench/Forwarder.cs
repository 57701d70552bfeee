using System.Net;
using Microsoft.Extensions.Primitives;

namespace Penstock.Bench;

/// <summary>
/// The yardstick: the least that a gateway on Kestrel and HttpMessageInvoker must do. It looks at nothing and changes
/// nothing, so what Penstock costs above it is what Penstock's own work costs.
/// </summary>
internal static class Forwarder
{
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Host", "Keep-Alive", "Transfer-Encoding", "Content-Length", "Upgrade",
    };

    public static async Task RunAsync(int port, Uri upstream)
    {
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        await using var app = builder.Build();
        app.Run(context => ForwardAsync(context, invoker, upstream));
        await app.RunAsync();
    }

    private static async Task ForwardAsync(HttpContext context, HttpMessageInvoker invoker, Uri upstream)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(context.Request.Method), new Uri(upstream, context.Request.Path.Value));
        request.Content = new StreamContent(context.Request.Body);
        request.Content.Headers.ContentLength = context.Request.ContentLength;
        foreach (var (name, value) in context.Request.Headers)
        {
            if (HopByHop.Contains(name)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, value.ToString())) request.Content.Headers.TryAddWithoutValidation(name, value.ToString());
        }

        using var response = await invoker.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentLength = response.Content.Headers.ContentLength;
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            if (!HopByHop.Contains(name)) context.Response.Headers[name] = new StringValues(values.ToString());
        }

        await using var body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        var client = context.Response.BodyWriter;
        while (await body.ReadAsync(client.GetMemory(16 << 10), context.RequestAborted) is > 0 and var count)
        {
            client.Advance(count);
            await client.FlushAsync(context.RequestAborted);
        }
    }
}
