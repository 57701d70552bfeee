using Penstock.Json;
using Penstock.Providers;
using Penstock.Transport;

namespace Penstock.Config;

/// <summary>What a config may refer to.</summary>
public sealed record ConfigScope(Catalogue Catalogue, HostRules Hosts);

/// <summary>Validates a config and compiles it into a plan.</summary>
public static class ConfigCompiler
{
    /// <returns>The plan, or null when faults were found; they are all in <paramref name="faults"/>.</returns>
    public static Plan? Compile(JsonPart root, ConfigScope scope, JsonFaults faults, string path = "")
    {
        faults.Add(path, "Configs cannot be read yet.", root);
        return null;
    }
}
