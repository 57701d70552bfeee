using System.Collections.Concurrent;

namespace Penstock.Pipeline;

/// <summary>
/// Parsed addresses of upstream calls: nearly all requests go to a few of them, and parsing costs more than finding.
/// </summary>
internal sealed class AddressCache
{
    private const int MaxEntries = 512;

    private readonly ConcurrentDictionary<string, Uri> _known = new(StringComparer.Ordinal);

    /// <param name="isReusable">False for addresses that hold ids or a query: they would only fill the cache.</param>
    public Uri Get(string address, bool isReusable)
    {
        if (_known.TryGetValue(address, out var known)) return known;

        // Not canonical on purpose: what the client wrote is what the provider gets.
        var uri = new Uri(address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        if (isReusable && _known.Count < MaxEntries) _known.TryAdd(address, uri);
        return uri;
    }
}
