using Penstock.Json;

namespace Penstock.Config;

/// <summary>What is known while one config is compiled, and what has been counted so far.</summary>
internal sealed class Compilation(ConfigScope scope, JsonFaults faults)
{
    public ConfigScope Scope { get; } = scope;

    public JsonFaults Faults { get; } = faults;

    public int Leaves { get; set; }

    /// <summary>Whether a condition looks into the request body.</summary>
    public bool ReadsParams { get; set; }

    /// <summary>Patterns that the engine without backtracking cannot express.</summary>
    public int BacktrackingPatterns { get; set; }
}
