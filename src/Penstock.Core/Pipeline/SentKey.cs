using System.Collections.Immutable;
using System.Text;
using Penstock.Auth;
using Penstock.Json;
using Penstock.Providers;

namespace Penstock.Pipeline;

/// <summary>
/// The key that a call carried, and what else in its headers looks like one. Some providers repeat it in what they say
/// about it, and an error must not tell a caller the key of the gateway.
/// </summary>
internal sealed class SentKey
{
    /// <summary>A shorter one is no secret, and would be found in every second text.</summary>
    private const int MinLength = 8;

    private readonly ImmutableArray<Secret> _keys;

    private SentKey(ImmutableArray<Secret> keys, bool isGateways)
    {
        _keys = keys;
        IsGateways = isGateways;
    }

    /// <summary>Whether one of them is the gateway's, from its environment or settings, and not all came with the request.</summary>
    public bool IsGateways { get; }

    /// <returns>Null when the call carried none.</returns>
    public static SentKey? Of(PreparedCall call)
    {
        var keys = ImmutableArray.CreateBuilder<Secret>();
        foreach (var rule in call.Provider.AuthFor(call.Exchange.Operation))
        {
            if (Find(call, rule) is { Length: >= MinLength } key) keys.Add(new Secret(key));
        }

        foreach (var header in call.Provider.Headers)
        {
            if (ValueOf(call, header.Name) is { Length: >= MinLength } value && ShortText.LooksLikeKey(value)) keys.Add(new Secret(value));
        }

        return keys.Count == 0 ? null : new SentKey(keys.ToImmutable(), keys.Any(key => IsOfGateway(call, key)));
    }

    /// <summary>Puts asterisks in its place, so that the length stays.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Mask(Span<byte> text)
    {
        var isFound = false;
        foreach (var key in _keys)
        {
            foreach (var spelling in SpellingsOf(key)) isFound |= Mask(text, spelling);
        }

        return isFound;
    }

    public bool IsIn(string text) => Mask(Encoding.UTF8.GetBytes(text));

    private static bool Mask(Span<byte> text, ReadOnlySpan<byte> key)
    {
        var isFound = false;
        for (var at = text.IndexOf(key); at >= 0; at = text.IndexOf(key))
        {
            text.Slice(at, key.Length).Fill((byte)'*');
            text = text[(at + key.Length)..];
            isFound = true;
        }

        return isFound;
    }

    /// <summary>As it is, as some JSON writers escape it, and as it stands in a URL.</summary>
    private static IEnumerable<byte[]> SpellingsOf(Secret secret)
    {
        var key = secret.Reveal();
        return new[] { key, key.Replace("/", "\\/", StringComparison.Ordinal), Uri.EscapeDataString(key) }.Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes);
    }

    private static string? Find(PreparedCall call, AuthRule rule)
    {
        if (rule.Kind == AuthKind.Query)
        {
            var last = call.Address.Query.TrimStart('?').Split('&')[^1];
            return last.StartsWith(rule.Name + "=", StringComparison.Ordinal) ? Uri.UnescapeDataString(last[(rule.Name.Length + 1)..]) : null;
        }

        var value = ValueOf(call, rule.Kind == AuthKind.Header ? rule.Name : "Authorization");
        return value?[(value.LastIndexOf(' ') + 1)..];
    }

    private static string? ValueOf(PreparedCall call, string header) =>
        call.Headers.Find(sent => sent.Key.Equals(header, StringComparison.OrdinalIgnoreCase)).Value;

    private static bool IsOfGateway(PreparedCall call, Secret key)
    {
        var exchange = call.Exchange;
        if (key == exchange.Caller.Key) return false;
        if (exchange.PlanIsOperators) return true;
        return key != call.Leaf.ApiKey && !call.Leaf.Options.Values.Contains(key.Reveal());
    }
}
