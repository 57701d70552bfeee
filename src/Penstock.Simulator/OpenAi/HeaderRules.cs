namespace Penstock.Simulator.OpenAi;

/// <summary>Headers that must never reach a provider: the gateway's own, the caller's private ones, those of one hop.</summary>
internal static class HeaderRules
{
    private static readonly string[] Prefixes = ["x-portkey-", "x-penstock-", "x-forwarded-"];

    private static readonly string[] Names =
    [
        "cookie", "forwarded", "via", "x-real-ip", "keep-alive", "proxy-authenticate", "proxy-authorization",
        "proxy-connection", "te", "trailer", "upgrade",
    ];

    /// <summary>The one of the gateway's own that is for whoever is called: it might be another gateway.</summary>
    private const string Hops = "x-penstock-hops";

    private static readonly string[] Single = ["Authorization", "Content-Type", "User-Agent", "api-key", "x-api-key"];

    /// <returns>Status 400, code <c>leaked_header</c> or <c>repeated_header</c>; null when all is well.</returns>
    public static RefusedException? FindFault(ReceivedHeaders headers, SimulatorOptions options, int port)
    {
        foreach (var (name, _) in headers)
        {
            if (name.Equals(Hops, StringComparison.OrdinalIgnoreCase)) continue;
            if (Names.Contains(name, StringComparer.OrdinalIgnoreCase) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                return Leaked(name, $"The header '{name}' must not reach a provider.");
            }
        }

        if (headers["Connection"] is { } connection
            && !connection.Equals("close", StringComparison.OrdinalIgnoreCase)
            && !connection.Equals("keep-alive", StringComparison.OrdinalIgnoreCase))
        {
            return Leaked("Connection", $"'Connection: {connection}' names headers of another hop.");
        }

        if (!options.AcceptsAnyHost && headers["Host"] is { } host && host != $"127.0.0.1:{port}" && host != $"localhost:{port}")
        {
            return Leaked("Host", $"The Host '{host}' is not this provider's.");
        }

        return Array.Find(Single, name => headers.All(name).Count > 1) is { } repeated
            ? new RefusedException(400, $"The header '{repeated}' came more than once.", repeated, "repeated_header")
            : null;
    }

    private static RefusedException Leaked(string name, string message) => new(400, message, name, "leaked_header");
}
