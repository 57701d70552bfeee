using System.Collections.Frozen;

namespace Penstock.Http;

/// <summary>
/// What proxies, tunnels, content networks and other gateways add to a request. A program on this machine that calls us
/// directly sends none of them.
/// </summary>
internal static class ProxyHeaders
{
    /// <summary>With a hyphen or a star at the end: every name that begins so.</summary>
    private static readonly string[] All =
    [
        "Forwarded", "Via", "X-Forwarded*", "X-Real-IP", "X-Client-IP", "X-Remote-IP", "X-Remote-Addr", "X-Cluster-Client-IP",
        "X-ProxyUser-IP", "X-Original-", "X-Rewrite-URL", "True-Client-IP", "Client-IP", "Proxy-Client-IP", "WL-Proxy-",
        "CDN-Loop", "CF-", "Fastly-", "Akamai-", "X-Akamai-", "Incap-Client-IP", "X-Sucuri-", "X-Varnish", // content networks
        "X-Envoy-", "X-Azure-", "X-ARR-", "X-AppEngine-", "X-Amz-Cf-", "X-Vercel-", "Fly-", // meshes and platforms
        "Tailscale-", "Ngrok-", "X-Ngrok-", "X-Tunnel-", // tunnels
        "X-Penstock-Hops", // another Penstock, which may be open to everybody
    ];

    /// <summary>
    /// By the first letter, or for names with "x-" before it by the letter behind that: most headers of a request are
    /// done with after this one look.
    /// </summary>
    private static readonly FrozenDictionary<char, string[]> ByLetter = All.GroupBy(Letter).ToFrozenDictionary(group => group.Key, group => group.ToArray());

    public static bool Contains(string name)
    {
        if (name.Length == 0 || !ByLetter.TryGetValue(Letter(name), out var candidates)) return false;
        foreach (var candidate in candidates)
        {
            if (Matches(name, candidate)) return true;
        }

        return false;
    }

    private static bool Matches(string name, string candidate) => candidate[^1] switch
    {
        '*' => name.AsSpan().StartsWith(candidate.AsSpan(0, candidate.Length - 1), StringComparison.OrdinalIgnoreCase),
        '-' => name.StartsWith(candidate, StringComparison.OrdinalIgnoreCase),
        _ => name.Equals(candidate, StringComparison.OrdinalIgnoreCase),
    };

    /// <summary>In lower case, behind "x-" in upper case: so the two kinds do not meet.</summary>
    private static char Letter(string name) =>
        name.Length > 2 && name[1] == '-' && name[0] is 'x' or 'X' ? char.ToUpperInvariant(name[2]) : char.ToLowerInvariant(name[0]);
}
