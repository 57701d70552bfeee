using Penstock.Json;

namespace Penstock.Config;

/// <summary>Validates a config and compiles it into a plan.</summary>
internal static class ConfigCompiler
{
    /// <param name="path">Where the config stands in a larger document, to begin the paths of faults with.</param>
    /// <returns>The plan, or null when faults were found; they are all in <paramref name="faults"/>.</returns>
    public static Plan? Compile(JsonPart root, ConfigScope scope, JsonFaults faults, string path = "")
    {
        var faultsBefore = faults.All.Count;
        var compilation = new Compilation(scope, faults);
        var target = new TargetCompiler(compilation).Compile(root, path);
        if (compilation.Leaves > TargetCompiler.MaxLeaves)
        {
            faults.Add(path, $"The config has {compilation.Leaves} targets; at most {TargetCompiler.MaxLeaves} are possible.", root);
        }

        return target is null || faults.All.Count > faultsBefore ? null : new Plan(target, compilation.Patterns);
    }
}
