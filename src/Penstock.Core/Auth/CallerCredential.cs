using Microsoft.AspNetCore.Http;

namespace Penstock.Auth;

/// <summary>
/// The provider key that a caller brings, wherever the SDK in use puts it. A gateway key is none: what is also in
/// <c>x-portkey-api-key</c>, or the word that SDKs send in place of a key, never goes to a provider.
/// </summary>
internal readonly record struct CallerCredential
{
    private const string Bearer = "Bearer ";

    /// <summary>Placeholders that the SDKs put where they have no key.</summary>
    private static readonly string[] Placeholders = ["DUMMY-KEY", "dummy", "undefined", "null"];

    private CallerCredential(Secret key, Secret authorization)
    {
        Key = key;
        Authorization = authorization;
    }

    public Secret Key { get; }

    /// <summary>The whole <c>Authorization</c> header, when the key came in it: it can be passed on as it is.</summary>
    public Secret Authorization { get; }

    public bool IsNone => Key.IsEmpty;

    public static CallerCredential From(IHeaderDictionary headers)
    {
        var gatewayKey = headers["x-portkey-api-key"].ToString();
        var authorization = headers.Authorization.ToString();
        if (authorization.Length > 0)
        {
            var key = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : authorization;
            if (IsProviderKey(key, gatewayKey)) return new CallerCredential(new Secret(key), new Secret(authorization));
        }

        foreach (var name in (ReadOnlySpan<string>)["x-api-key", "api-key", "x-goog-api-key"])
        {
            var key = headers[name].ToString();
            if (IsProviderKey(key, gatewayKey)) return new CallerCredential(new Secret(key), default);
        }

        return default;
    }

    private static bool IsProviderKey(string key, string gatewayKey) =>
        key.Length > 0 && key != gatewayKey && Array.IndexOf(Placeholders, key) < 0;
}
