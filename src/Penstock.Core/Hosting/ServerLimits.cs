using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Penstock.Hosting;

/// <summary>What the web server itself lets in. Bodies have limits of their own, by kind, and clocks of their own.</summary>
internal static class ServerLimits
{
    public static void Apply(KestrelServerOptions server)
    {
        server.AddServerHeader = false;

        // A config travels in a header, and metadata and traces beside it.
        server.Limits.MaxRequestHeadersTotalSize = 128 << 10;
        server.Limits.MaxRequestHeaderCount = 200;
        server.Limits.MaxRequestLineSize = 32 << 10;
        server.Limits.MaxRequestBodySize = null;

        server.RequestHeaderEncodingSelector = static _ => HeaderText.Encoding;

        // As the provider's headers are read, so that their bytes pass whatever they are.
        server.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;

        // Kestrel answers 408 by itself; what else a client may be slow at has clocks of our own.
        server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(30);
        server.ConfigureEndpointDefaults(endpoint => endpoint.Use(next =>
        {
            var stalled = endpoint.ApplicationServices.GetRequiredService<StalledClients>();
            return connection => stalled.ServeAsync(connection, next);
        }));

        // A stream may rest for as long as the model thinks, and an upload for as long as its own source does.
        server.Limits.MinRequestBodyDataRate = null;
        server.Limits.MinResponseDataRate = null;
    }
}
