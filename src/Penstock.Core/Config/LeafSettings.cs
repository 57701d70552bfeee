using System.Collections.Immutable;
using Penstock.Transport;

namespace Penstock.Config;

/// <summary>What a leaf inherits from the nodes above it.</summary>
internal sealed record LeafSettings
{
    public static LeafSettings Default { get; } = new();

    /// <summary>Merged over the request's top level: name and raw JSON.</summary>
    public ImmutableArray<(string Name, byte[] Json)> OverrideParams { get; init; } = [];

    /// <summary>Added where the request lacks the member.</summary>
    public ImmutableArray<(string Name, byte[] Json)> DefaultParams { get; init; } = [];

    /// <summary>Paths taken out: <c>a</c>, <c>a.b</c>, <c>a[0]</c>, <c>messages[*].name</c>, <c>["a b"]</c>.</summary>
    public ImmutableArray<ParamPath> DropParams { get; init; } = [];

    /// <summary>Whether the body is another one afterwards.</summary>
    public bool ChangesBody => !OverrideParams.IsEmpty || !DefaultParams.IsEmpty || !DropParams.IsEmpty;

    public RetryPolicy Retry { get; init; } = RetryPolicy.None;

    public Clocks Clocks { get; init; } = Clocks.Unset;

    public string? CustomHost { get; init; }

    /// <summary>Request headers that are copied to the provider.</summary>
    public ImmutableArray<string> ForwardHeaders { get; init; } = [];
}
