using System.Collections.Frozen;
using System.Collections.Immutable;
using Penstock.Auth;
using Penstock.Providers;

namespace Penstock.Config;

/// <summary>A config, validated and compiled once into an immutable tree with every setting inherited.</summary>
/// <param name="Root">The tree.</param>
/// <param name="ReadsParams">Whether a condition looks into the request body.</param>
/// <param name="LeafCount">Leaves in the whole tree.</param>
public sealed record Plan(Target Root, bool ReadsParams, int LeafCount);

/// <summary>A node of a plan: a leaf names a provider, any other node names a strategy over its children.</summary>
public abstract record Target
{
    private protected Target()
    {
    }

    /// <summary>Where it stands: <c>config.targets[1].targets[0]</c>. Goes into a response header.</summary>
    public required string Path { get; init; }

    /// <summary>What a condition's <c>then</c> refers to.</summary>
    public string? Name { get; init; }

    /// <summary>Share among its siblings, from 0; 1 when not stated.</summary>
    public double Weight { get; init; } = 1;
}

/// <summary>The first target, and no other.</summary>
public sealed record SingleTarget(Target Only) : Target;

/// <summary>Targets in order, until one answers well.</summary>
/// <param name="OnStatus">Statuses that lead to the next target; null: everything but success.</param>
public sealed record FallbackTarget(ImmutableArray<Target> Targets, StatusSet? OnStatus) : Target;

/// <summary>One of the targets, by weight. The total is positive.</summary>
public sealed record LoadBalanceTarget(ImmutableArray<Target> Targets, double TotalWeight) : Target;

/// <summary>The target of the first condition that holds.</summary>
/// <param name="Cases">Conditions in order, each with its target.</param>
/// <param name="Default">When none holds; null: the request is refused.</param>
public sealed record ConditionalTarget(ImmutableArray<ConditionCase> Cases, Target? Default) : Target
{
    /// <summary>Whether a pattern may take until its clock runs out: then not on a thread that serves sockets.</summary>
    public bool MayBeSlow { get; init; }
}

public sealed record ConditionCase(Condition Condition, Target Then);

/// <summary>One provider, and how to call it.</summary>
public sealed record LeafTarget : Target
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
}

/// <summary>What a leaf inherits from the nodes above it.</summary>
public sealed record LeafSettings
{
    public static LeafSettings Default { get; } = new();

    /// <summary>Merged over the request's top level: name and raw JSON.</summary>
    public ImmutableArray<(string Name, byte[] Json)> OverrideParams { get; init; } = [];

    /// <summary>Added where the request lacks the member.</summary>
    public ImmutableArray<(string Name, byte[] Json)> DefaultParams { get; init; } = [];

    /// <summary>Paths taken out: <c>a</c>, <c>a.b</c>, <c>a[0]</c>, <c>messages[*].name</c>, <c>["a b"]</c>.</summary>
    public ImmutableArray<ParamPath> DropParams { get; init; } = [];

    public RetryPolicy Retry { get; init; } = RetryPolicy.None;

    public Clocks Clocks { get; init; } = Clocks.Unset;

    public string? CustomHost { get; init; }

    /// <summary>Request headers that are copied to the provider.</summary>
    public ImmutableArray<string> ForwardHeaders { get; init; } = [];

    /// <summary>False: fields beyond the OpenAI API may appear in answers.</summary>
    public bool StrictOpenAi { get; init; } = true;
}

/// <param name="Attempts">Repeats after the first call, 0 to 5.</param>
/// <param name="OnStatus">Statuses that are worth a repeat. Failures of the network always are.</param>
/// <param name="UseRetryAfter">Wait as long as a 429 asks for.</param>
public sealed record RetryPolicy(int Attempts, StatusSet OnStatus, bool UseRetryAfter)
{
    /// <summary>More are cut to this, so that a config cannot multiply an outage.</summary>
    public const int MaxAttempts = 5;

    public static StatusSet DefaultStatuses { get; } = new([429, 500, 502, 503, 504]);

    public static RetryPolicy None { get; } = new(0, DefaultStatuses, false);
}

/// <summary>
/// The five clocks of an attempt, in milliseconds. Null: not stated here, so the level above decides; 0: off.
/// </summary>
/// <param name="ConnectMs">Until the connection stands, TLS included.</param>
/// <param name="HeadersMs">Until the response headers (<c>request_timeout</c>).</param>
/// <param name="FirstTokenMs">Until the first event with content.</param>
/// <param name="IdleMs">Between two reads of the body, pings included.</param>
/// <param name="TotalMs">For the attempt as a whole.</param>
public sealed record Clocks(int? ConnectMs, int? HeadersMs, int? FirstTokenMs, int? IdleMs, int? TotalMs)
{
    public static Clocks Unset { get; } = new(null, null, null, null, null);

    /// <summary>What holds when nobody says anything.</summary>
    public static Clocks BuiltIn { get; } = new(10_000, 600_000, 0, 300_000, 0);

    /// <summary>These, and where they are silent the others.</summary>
    public Clocks Over(Clocks below) => new(
        ConnectMs ?? below.ConnectMs,
        HeadersMs ?? below.HeadersMs,
        FirstTokenMs ?? below.FirstTokenMs,
        IdleMs ?? below.IdleMs,
        TotalMs ?? below.TotalMs);
}
