using System.Buffers;
using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Penstock.Hosting;

namespace Penstock.Http;

/// <summary>
/// Whether keys of the environment may serve a request that brings none. Only requests that surely come from this
/// machine and from no web page: otherwise any site that the user visits could spend his money through his browser.
/// </summary>
internal sealed class EnvironmentKeyRule(ListenerFacts listeners)
{
    private const string ForwardedPrefix = "X-Forwarded-";

    /// <summary>
    /// Besides those with the prefix: what proxies, tunnels and content networks add. A program on this machine that
    /// calls us directly sends none of them.
    /// </summary>
    private static readonly FrozenSet<string> ProxyHeaders = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Forwarded", "Via", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "Fastly-Client-IP", "X-Original-Host");

    public bool Allows(HttpRequest request)
    {
        if (!listeners.AllLoopback || !IsLoopback(request.Host.Value)) return false;

        // Copied, because an enumerator behind the interface would be allocated for every request.
        ICollection<KeyValuePair<string, StringValues>> headers = request.Headers;
        var count = headers.Count;
        var copy = ArrayPool<KeyValuePair<string, StringValues>>.Shared.Rent(count);
        try
        {
            headers.CopyTo(copy, 0);
            return AllAllow(copy.AsSpan(0, count));
        }
        finally
        {
            copy.AsSpan(0, count).Clear();
            ArrayPool<KeyValuePair<string, StringValues>>.Shared.Return(copy);
        }
    }

    private bool AllAllow(ReadOnlySpan<KeyValuePair<string, StringValues>> headers)
    {
        foreach (var (name, values) in headers)
        {
            if (name.StartsWith(ForwardedPrefix, StringComparison.OrdinalIgnoreCase) || ProxyHeaders.Contains(name)) return false;
            if (name.Equals("Origin", StringComparison.OrdinalIgnoreCase) && !IsOwnOrigin(values)) return false;
            if (name.Equals("Sec-Fetch-Site", StringComparison.OrdinalIgnoreCase) && !IsOwnPage(values)) return false;
        }

        return true;
    }

    /// <summary>"null" is what a page in a sandbox or from a file has: anybody's.</summary>
    private bool IsOwnOrigin(StringValues values)
    {
        if (values.Count != 1 || values[0] is not { } origin || origin == "null") return false;
        foreach (var own in listeners.OwnOrigins)
        {
            if (own.Equals(origin, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    /// <summary>
    /// A browser's word on where a request comes from, also for those that carry no origin. Another port of this machine
    /// is "same-site": some other program's page. "none" is the user himself, in the address bar.
    /// </summary>
    private static bool IsOwnPage(StringValues values) => values.Count == 1 && values[0] is "same-origin" or "none";

    /// <summary>A loopback name with or without a port. A page that rebinds its own name to loopback comes with that name.</summary>
    private static bool IsLoopback(string? hostAndPort)
    {
        var host = hostAndPort.AsSpan();
        var colon = host.LastIndexOf(':');
        if (colon >= 0 && !host.EndsWith("]")) host = host[..colon];
        if (host.StartsWith("[") && host.EndsWith("]")) host = host[1..^1];
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.SequenceEqual("127.0.0.1")
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }
}
