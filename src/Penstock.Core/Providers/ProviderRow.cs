using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Penstock.Providers;

/// <summary>
/// A provider: a service at an address, with a way to authenticate and, per operation, the path and its quirks.
/// Pure data; <c>catalogue.json</c> holds ours, <c>penstock.json</c> those of the user, in the same schema.
/// </summary>
public sealed record ProviderRow
{
    /// <summary>The wire id: <c>x-portkey-provider</c>, <c>provider</c> in a config, the left part of <c>provider/model</c>.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Base of the typed operations, a template over the options. Null: the target must bring a custom host.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Base of every other path, where it differs: a base without a version, say.</summary>
    public string? ProxyBaseUrl { get; init; }

    /// <summary>Full URL of the provider's model list, where it is not <c>/models</c> below the proxy base.</summary>
    public string? ModelsUrl { get; init; }

    /// <summary>Ways to authenticate; the first whose option is set applies.</summary>
    public required ImmutableArray<AuthRule> Auth { get; init; }

    /// <summary>Environment variables that may hold the key, first found wins.</summary>
    public ImmutableArray<string> EnvironmentKeys { get; init; } = [];

    /// <summary>Options of a target by their snake_case name.</summary>
    public FrozenDictionary<string, ProviderOption> Options { get; init; } = FrozenDictionary<string, ProviderOption>.Empty;

    /// <summary>Headers that always go along; one whose template needs an option that is not set is left out.</summary>
    public ImmutableArray<HeaderTemplate> Headers { get; init; } = [];

    /// <summary>Operations whose path or quirks are the row's own. A missing one has the OpenAI path.</summary>
    public FrozenDictionary<Operation, OperationRow> Operations { get; init; } = FrozenDictionary<Operation, OperationRow>.Empty;

    /// <summary>Other addresses for certain option values, first match wins: Azure's <c>v1</c> API version.</summary>
    public ImmutableArray<RowVariant> Variants { get; init; } = [];

    /// <summary>What chat and completion requests need changed.</summary>
    public Quirks Quirks { get; init; } = Quirks.None;

    /// <summary>Models that this provider serves, for the resolution of bare names and <c>GET /v1/models</c>.</summary>
    public ImmutableArray<string> Models { get; init; } = [];

    /// <summary>Set when the provider's host is gone: what the user should know.</summary>
    public string? Retired { get; init; }

    /// <summary>True for rows of <c>penstock.json</c>.</summary>
    public bool IsCustom { get; init; }

    /// <summary>Options whose value is a URL that requests go to.</summary>
    internal IEnumerable<string> UrlOptions { get; init; } = [];

    /// <summary>This row, or the variant that the options ask for.</summary>
    internal ProviderRow For(IReadOnlyDictionary<string, string> options)
    {
        foreach (var variant in Variants)
        {
            if (options.TryGetValue(variant.Option, out var value) && variant.Values.Contains(value)) return variant.Row;
        }

        return this;
    }

    internal Quirks QuirksOf(Operation operation) =>
        Operations.TryGetValue(operation, out var own) && own.Quirks is { } quirks ? quirks
        : operation is Operation.Chat or Operation.Completion ? Quirks : Quirks.None;

    internal ImmutableArray<AuthRule> AuthFor(Operation operation) => Auth;
}

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
public sealed record AuthRule(AuthKind Kind, string Name, string? KeyOption = null, string? When = null, bool Optional = false);

/// <param name="Name">snake_case name in a config.</param>
/// <param name="Headers">Request headers that carry it, lower case, first wins.</param>
/// <param name="Aliases">Other spellings in a config.</param>
/// <param name="Default">Used when neither says anything.</param>
/// <param name="Required">A target without it is refused with a message that names it.</param>
public sealed record ProviderOption(string Name, ImmutableArray<string> Headers, ImmutableArray<string> Aliases, string? Default, bool Required);

/// <param name="Name">Header name as sent.</param>
/// <param name="Template">Text with <c>{option}</c> placeholders.</param>
public sealed record HeaderTemplate(string Name, string Template);

/// <param name="Path">Path below the base, a template over options and <c>{model}</c>; may carry a query. Null: the OpenAI path.</param>
/// <param name="BaseUrl">A base of this operation's own.</param>
/// <param name="Quirks">Null: the row's for chat and completion, none for the others.</param>
/// <param name="IsOffered">False: the provider has no such operation.</param>
public sealed record OperationRow(string? Path, string? BaseUrl = null, Quirks? Quirks = null, bool IsOffered = true);

/// <param name="Option">Option that decides.</param>
/// <param name="Values">Values for which the variant applies.</param>
/// <param name="Row">The row with the variant's members in place.</param>
public sealed record RowVariant(string Option, ImmutableArray<string> Values, ProviderRow Row);
