using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

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

        // A stream may rest for as long as the model thinks, and an upload for as long as its own source does.
        server.Limits.MinRequestBodyDataRate = null;
        server.Limits.MinResponseDataRate = null;
    }
}
