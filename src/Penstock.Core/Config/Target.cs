using System.Collections.Immutable;

namespace Penstock.Config;

/// <summary>A node of a plan: a leaf names a provider, any other node names a strategy over its children.</summary>
internal abstract record Target
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
internal sealed record SingleTarget(Target Only) : Target;

/// <summary>Targets in order, until one answers well.</summary>
/// <param name="OnStatus">Statuses that lead to the next target; null: everything but success.</param>
internal sealed record FallbackTarget(ImmutableArray<Target> Targets, StatusSet? OnStatus) : Target;

/// <summary>One of the targets, by weight. The total is positive.</summary>
internal sealed record LoadBalanceTarget(ImmutableArray<Target> Targets, double TotalWeight) : Target;

/// <summary>The target of the first condition that holds.</summary>
/// <param name="Cases">Conditions in order, each with its target.</param>
/// <param name="Default">When none holds; null: the request is refused.</param>
internal sealed record ConditionalTarget(ImmutableArray<ConditionCase> Cases, Target? Default) : Target
{
    /// <summary>Whether a pattern may take until its clock runs out: then not on a thread that serves sockets.</summary>
    public bool MayBeSlow { get; init; }
}

internal sealed record ConditionCase(Condition Condition, Target Then);
