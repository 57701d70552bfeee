using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Penstock.Auth;

/// <summary>
/// The provider key that a caller brings, wherever the SDK in use puts it. A gateway key is none: what is also in
/// <c>x-portkey-api-key</c>, a key that we gave out, or the word that SDKs send in place of a key never goes to a provider.
/// </summary>
internal readonly record struct CallerCredential
{
    private const string Bearer = "Bearer ";

    /// <summary>How the keys that Penstock gives out begin.</summary>
    private const string OurPrefix = "pst_";

    /// <summary>Placeholders that the SDKs put where they have no key.</summary>
    private static readonly string[] Placeholders = ["DUMMY-KEY", "dummy", "undefined", "null", "none"];

    private CallerCredential(Secret key, Secret authorization, Secret gatewayKey)
    {
        Key = key;
        Authorization = authorization;
        GatewayKey = gatewayKey;
    }

    public Secret Key { get; }

    /// <summary>The whole <c>Authorization</c> header, when it can be passed on as it is: it states its scheme.</summary>
    public Secret Authorization { get; }

    /// <summary>What came in <c>x-portkey-api-key</c>, without its scheme.</summary>
    private Secret GatewayKey { get; }

    public bool IsNone => Key.IsEmpty;

    public static CallerCredential From(IHeaderDictionary headers)
    {
        var gatewayKey = Bare(Single(headers["x-portkey-api-key"]));
        var none = new CallerCredential(default, default, new Secret(gatewayKey.ToString()));
        var authorization = Single(headers.Authorization);
        var key = Bare(authorization);
        if (IsProviderKey(key, gatewayKey)) return new CallerCredential(new Secret(key.ToString()), Passable(authorization, key), none.GatewayKey);

        foreach (var name in (ReadOnlySpan<string>)["x-api-key", "api-key", "x-goog-api-key"])
        {
            key = Bare(Single(headers[name]));
            if (IsProviderKey(key, gatewayKey)) return new CallerCredential(new Secret(key.ToString()), default, none.GatewayKey);
        }

        return none;
    }

    /// <summary>Whether a header value is a key to this gateway, with or without a scheme before it.</summary>
    public bool IsGatewayKey(string value) => IsOurs(value) || (!GatewayKey.IsEmpty && Bare(value).SequenceEqual(GatewayKey.Reveal()));

    /// <summary>Whether a header value is a key that Penstock gave out.</summary>
    public static bool IsOurs(string value) => Bare(value).StartsWith(OurPrefix, StringComparison.Ordinal);

    /// <summary>Two values are no key: nobody can say which one counts.</summary>
    private static string Single(StringValues values) => values.Count == 1 ? values[0] ?? "" : "";

    /// <summary>Without the scheme: in any case, and twice where a client added it to a value that had it.</summary>
    private static ReadOnlySpan<char> Bare(ReadOnlySpan<char> value)
    {
        value = value.Trim();
        while (value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) value = value[Bearer.Length..].TrimStart();
        return value.Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? default : value;
    }

    /// <summary>A bare key, or a scheme in an unusual form, is written anew for the provider.</summary>
    private static Secret Passable(string authorization, ReadOnlySpan<char> key)
    {
        var hasBearer = authorization.Length == Bearer.Length + key.Length && authorization.StartsWith(Bearer, StringComparison.Ordinal);
        var hasOtherScheme = key.Contains(' ');
        return hasBearer || hasOtherScheme ? new Secret(authorization) : default;
    }

    private static bool IsProviderKey(ReadOnlySpan<char> key, ReadOnlySpan<char> gatewayKey)
    {
        if (key.IsEmpty || key.SequenceEqual(gatewayKey) || key.StartsWith(OurPrefix, StringComparison.Ordinal)) return false;
        foreach (var placeholder in Placeholders)
        {
            if (key.Equals(placeholder, StringComparison.OrdinalIgnoreCase)) return false;
        }

        return true;
    }
}
