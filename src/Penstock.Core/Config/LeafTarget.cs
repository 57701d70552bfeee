using System.Collections.Frozen;
using Penstock.Auth;
using Penstock.Providers;

namespace Penstock.Config;

/// <summary>One provider, and how to call it.</summary>
internal sealed record LeafTarget : Target
{
    /// <summary>Null: the request names it, by header or as <c>provider/model</c>.</summary>
    public ProviderRow? Provider { get; init; }

    public Secret ApiKey { get; init; }

    /// <summary>Provider options by their canonical snake_case name (<see cref="ProviderRow.Options"/>).</summary>
    public FrozenDictionary<string, string> Options { get; init; } = FrozenDictionary<string, string>.Empty;

    public required LeafSettings Settings { get; init; }

    /// <summary>
    /// True for the only leaf of a config without <c>provider</c> and <c>targets</c>: the request's provider, key and
    /// option headers fill and beat it.
    /// </summary>
    public bool TakesHeaders { get; init; }

    /// <summary>True for the only leaf of a config that names its provider: option headers fill what it leaves out.</summary>
    public bool FillsFromHeaders { get; init; }
}
