using Penstock.Json;

namespace Penstock.Config;

/// <summary>What is known while one config is compiled, and what has been counted so far.</summary>
internal sealed class Compilation(ConfigScope scope, JsonFaults faults)
{
    public ConfigScope Scope { get; } = scope;

    public JsonFaults Faults { get; } = faults;

    /// <summary>Targets that name a provider.</summary>
    public int Leaves { get; set; }

    /// <summary>Patterns of any kind.</summary>
    public int Patterns { get; set; }

    /// <summary>Patterns that the engine without backtracking cannot express.</summary>
    public int BacktrackingPatterns { get; set; }
}
