using System.Net;

namespace Penstock.Http;

/// <summary>Reads the name under which a request calls us.</summary>
internal static class HostName
{
    /// <summary>Without a port, and without the brackets of an IPv6 address.</summary>
    public static ReadOnlySpan<char> Of(string? hostAndPort)
    {
        var host = hostAndPort.AsSpan();
        var colon = host.LastIndexOf(':');
        if (colon >= 0 && !host.EndsWith("]")) host = host[..colon];
        return host.StartsWith("[") && host.EndsWith("]") ? host[1..^1] : host;
    }

    /// <summary>A loopback name with or without a port. A page that rebinds its own name to loopback comes with that name.</summary>
    public static bool IsLoopback(string? hostAndPort)
    {
        var host = Of(hostAndPort);
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.SequenceEqual("127.0.0.1")
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }
}
