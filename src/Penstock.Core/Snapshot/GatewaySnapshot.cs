using System.Collections.Frozen;
using Penstock.Config;
using Penstock.Providers;

namespace Penstock.Snapshot;

/// <summary>
/// Everything the data plane needs to know, immutable and swapped whole. A request takes it once and keeps it.
/// </summary>
internal sealed class GatewaySnapshot
{
    /// <summary>What <c>penstock.json</c> says, or the defaults.</summary>
    public required GatewaySettings Settings { get; init; }

    /// <summary>All providers, ours and the user's.</summary>
    public required Catalogue Catalogue { get; init; }

    /// <summary>Applies to requests that bring no config and name no provider; null: none.</summary>
    public Plan? DefaultPlan { get; init; }

    /// <summary>Configs by name, for <c>x-portkey-config: NAME</c>.</summary>
    public FrozenDictionary<string, Plan> SavedPlans { get; init; } = FrozenDictionary<string, Plan>.Empty;

    /// <summary>Plans of inline configs. They name rows of this snapshot, so they live and die with it.</summary>
    public PlanCache Plans { get; } = new();

    /// <summary>The same of requests that surely come from this machine: their configs may name loopback hosts.</summary>
    public PlanCache LocalPlans { get; } = new();
}
