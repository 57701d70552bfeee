using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Penstock.Hosting;

namespace Penstock.Http;

/// <summary>
/// Whether keys of the environment may serve a request that brings none. Only requests that surely come from this
/// machine and from no web page: otherwise any site that the user visits could spend his money through his browser.
/// The same requests, and no others, may name loopback as their custom host.
/// </summary>
internal sealed class EnvironmentKeyRule(ListenerFacts listeners)
{
    public bool Allows(HttpRequest request)
    {
        if (!listeners.AllLoopback || !HostName.IsLoopback(request.Host.Value)) return false;

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
            if (ProxyHeaders.Contains(name) || !Allows(name, values)) return false;
        }

        return true;
    }

    /// <summary>What browsers say about the page that a request comes from.</summary>
    private bool Allows(string name, StringValues values) => name.Length switch
    {
        6 when name.Equals("Origin", StringComparison.OrdinalIgnoreCase) => values.Count == 1 && listeners.IsOwnOrigin(values[0]),
        7 when name.Equals("Referer", StringComparison.OrdinalIgnoreCase) => values.Count == 1 && listeners.IsOwnPage(values[0]),
        14 when name.Equals("Sec-Fetch-Site", StringComparison.OrdinalIgnoreCase) => IsOwnSite(values),
        _ => true,
    };

    /// <summary>
    /// A browser's word on where a request comes from, also for those that carry no origin. Another port of this machine
    /// is "same-site": some other program's page. "none" is the user himself, in the address bar.
    /// </summary>
    private static bool IsOwnSite(StringValues values) => values.Count == 1 && values[0] is "same-origin" or "none";
}
