namespace Penstock.Providers;

/// <summary>How a key travels.</summary>
public enum AuthKind
{
    /// <summary><c>Authorization: Bearer KEY</c>, or another scheme word.</summary>
    Bearer,

    /// <summary>The bare key in a header of its own.</summary>
    Header,

    /// <summary>The key in the query string.</summary>
    Query,

    /// <summary>No key; one that the caller brings anyway goes as a bearer.</summary>
    None,

    /// <summary>A way that is not built yet: a request that needs it is refused, never sent unsigned.</summary>
    Unsupported,
}

/// <param name="Kind">How the key travels.</param>
/// <param name="Name">The header's or query parameter's name; for a bearer the scheme word.</param>
/// <param name="KeyOption">The option that holds the key instead of <c>api_key</c>.</param>
/// <param name="When">The rule applies when this option is set (<c>name</c>) or has a value (<c>name=value</c>); null: always.</param>
/// <param name="Optional">A request without a key is sent without one.</param>
internal sealed record AuthRule(AuthKind Kind, string Name, string? KeyOption = null, string? When = null, bool Optional = false);
