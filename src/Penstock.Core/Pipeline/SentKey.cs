using System.Text;
using Penstock.Auth;
using Penstock.Providers;

namespace Penstock.Pipeline;

/// <summary>
/// The key that a call carried. Some providers repeat it in what they say about it, and an error must not tell a caller
/// the key of the gateway.
/// </summary>
internal sealed class SentKey
{
    /// <summary>A shorter one is no secret, and would be found in every second text.</summary>
    private const int MinLength = 8;

    private readonly Secret _key;

    private SentKey(string key, bool isGateways)
    {
        _key = new Secret(key);
        IsGateways = isGateways;
    }

    /// <summary>Whether it is the gateway's, from its environment or settings, and not one that the request brought.</summary>
    public bool IsGateways { get; }

    /// <returns>Null when the call carried none.</returns>
    public static SentKey? Of(PreparedCall call)
    {
        foreach (var rule in call.Provider.AuthFor(call.Exchange.Operation))
        {
            if (Find(call, rule) is { Length: >= MinLength } key) return new SentKey(key, IsOfGateway(call, new Secret(key)));
        }

        return null;
    }

    /// <summary>Puts asterisks in its place, so that the length stays.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Mask(Span<byte> text)
    {
        var isFound = false;
        foreach (var spelling in Spellings())
        {
            for (var rest = text; rest.IndexOf(spelling) is >= 0 and var at; rest = rest[(at + spelling.Length)..])
            {
                rest.Slice(at, spelling.Length).Fill((byte)'*');
                isFound = true;
            }
        }

        return isFound;
    }

    public bool IsIn(string text) => Mask(Encoding.UTF8.GetBytes(text));

    /// <summary>As it is, as some JSON writers escape it, and as it stands in a URL.</summary>
    private IEnumerable<byte[]> Spellings()
    {
        var key = _key.Reveal();
        return new[] { key, key.Replace("/", "\\/", StringComparison.Ordinal), Uri.EscapeDataString(key) }.Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes);
    }

    private static string? Find(PreparedCall call, AuthRule rule)
    {
        if (rule.Kind == AuthKind.Query)
        {
            return call.Address.Query.TrimStart('?').Split('&').LastOrDefault(parameter => parameter.StartsWith(rule.Name + "=", StringComparison.Ordinal)) is { } parameter
                ? Uri.UnescapeDataString(parameter[(rule.Name.Length + 1)..])
                : null;
        }

        var name = rule.Kind == AuthKind.Header ? rule.Name : "Authorization";
        var value = call.Headers.Find(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        return value?[(value.LastIndexOf(' ') + 1)..];
    }

    private static bool IsOfGateway(PreparedCall call, Secret key)
    {
        var exchange = call.Exchange;
        if (key == exchange.Caller.Key) return false;
        if (exchange.PlanIsOperators) return true;
        return key != call.Leaf.ApiKey && !call.Leaf.Options.Values.Contains(key.Reveal());
    }
}
