using Penstock.Auth;

namespace Penstock.Pipeline;

/// <param name="Key">The bare key.</param>
/// <param name="Authorization">The caller's whole header, when the key came in one.</param>
internal readonly record struct ProviderKey(Secret Key, Secret Authorization)
{
    public bool IsNone => Key.IsEmpty;

    /// <summary>The value of an <c>Authorization</c> header with that scheme. Some people store their tokens with the word in front.</summary>
    public string WithScheme(string scheme)
    {
        if (scheme == "Bearer" && !Authorization.IsEmpty) return Authorization.Reveal();
        var key = Key.Reveal();
        return key.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && key.AsSpan(scheme.Length).StartsWith(" ") ? key : $"{scheme} {key}";
    }
}
