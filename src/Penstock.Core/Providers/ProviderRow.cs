using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Penstock.Providers;

/// <summary>
/// A provider: a service at an address, with a way to authenticate and, per operation, the path and its quirks.
/// Pure data; <c>catalogue.json</c> holds ours, <c>penstock.json</c> those of the user, in the same schema.
/// </summary>
internal sealed record ProviderRow
{
    private RowAddresses? _addresses;

    /// <summary>The wire id: <c>x-portkey-provider</c>, <c>provider</c> in a config, the left part of <c>provider/model</c>.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>What people also call it. Only for "Did you mean": a request that uses it is refused.</summary>
    public ImmutableArray<string> OtherNames { get; init; } = [];

    /// <summary>Where the provider is, a template over the options. Null: the target must bring a custom host.</summary>
    public Template? BaseUrl { get; init; }

    /// <summary>
    /// What stands between the base and the OpenAI paths, <c>/v1</c> mostly: a custom host replaces the base, and
    /// pass-through paths go below the base, both without it.
    /// </summary>
    public string PathPrefix { get; init; } = "";

    /// <summary>Base of pass-through paths, where it differs.</summary>
    public Template? ProxyBaseUrl { get; init; }

    /// <summary>
    /// Parameters of every address: <c>api-version={api_version}</c>. They yield to the client's own, and are left out
    /// when an option is not set.
    /// </summary>
    public Template? Query { get; init; }

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

    /// <summary>Options whose value is a URL that requests go to: from a caller, it must pass the rules for custom hosts.</summary>
    public ImmutableArray<string> UrlOptions { get; init; } = [];

    /// <summary>Where the operations are. A copy of the row works out its own.</summary>
    public RowAddresses Addresses
    {
        get
        {
            if (_addresses is not { } known || !ReferenceEquals(known.Row, this)) _addresses = known = new RowAddresses(this);
            return known;
        }
    }

    /// <summary>
    /// Whether calls carry text that the user wrote into his row, besides its base: it may hold a secret, so it goes
    /// to no host that a caller names.
    /// </summary>
    public bool HasOwnText(Operation operation) =>
        IsCustom
        && (Query is not null
            || Operations.GetValueOrDefault(operation)?.Path is not null
            || Headers.Any(header => header.Template.Parts.Any(part => part.Names.IsEmpty))
            || Options.Values.Any(option => option.Default is not null));

    /// <summary>This row, or the variant that the options ask for.</summary>
    public ProviderRow For(IReadOnlyDictionary<string, string> options)
    {
        foreach (var variant in Variants)
        {
            if (options.TryGetValue(variant.Option, out var value) && (variant.Values.IsEmpty || variant.Values.Contains(value))) return variant.Row;
        }

        return this;
    }

    public Quirks QuirksOf(Operation operation) =>
        Operations.TryGetValue(operation, out var own) && own.Quirks is { } quirks ? quirks
        : operation is Operation.Chat or Operation.Completion ? Quirks : Quirks.None;

    public ImmutableArray<AuthRule> AuthFor(Operation operation) =>
        Operations.TryGetValue(operation, out var own) && own.Auth is { } auth ? auth : Auth;
}

/// <param name="Name">snake_case name in a config.</param>
/// <param name="Headers">Request headers that carry it, lower case, first wins.</param>
/// <param name="Aliases">Other spellings in a config.</param>
/// <param name="Default">Used when neither says anything.</param>
/// <param name="IsUrl">The value is a URL that requests go to.</param>
internal sealed record ProviderOption(string Name, ImmutableArray<string> Headers, ImmutableArray<string> Aliases, string? Default, bool IsUrl);

/// <param name="Name">Header name as sent.</param>
/// <param name="Template">Text with <c>{option}</c> placeholders.</param>
internal sealed record HeaderTemplate(string Name, Template Template);

/// <param name="Path">
/// Path below the base, a template over options and <c>{model}</c>; may carry a query. For a collection such as files it is
/// the collection's, and what the request has below it is added. Null: the OpenAI path behind the row's prefix.
/// </param>
/// <param name="BaseUrl">A base of this operation's own.</param>
/// <param name="Quirks">Null: the row's for chat and completion, none for the others.</param>
/// <param name="IsOffered">False: the provider has no such operation.</param>
/// <param name="Auth">Null: the row's.</param>
internal sealed record OperationRow(
    Template? Path,
    Template? BaseUrl = null,
    Quirks? Quirks = null,
    bool IsOffered = true,
    ImmutableArray<AuthRule>? Auth = null);

/// <param name="Option">Option that decides.</param>
/// <param name="Values">Values for which the variant applies; empty: any.</param>
/// <param name="Row">The row with the variant's members in place.</param>
internal sealed record RowVariant(string Option, ImmutableArray<string> Values, ProviderRow Row);
