using Penstock.Auth;
using Penstock.Json;
using Penstock.Providers;

namespace Penstock.Config;

/// <summary>Compiles the tree, from the root down, so that every target knows what it inherits.</summary>
internal sealed class TargetCompiler(Compilation compilation)
{
    /// <summary>Levels of targets below the root.</summary>
    public const int MaxDepth = 16;

    /// <summary>Targets that name a provider, in the whole tree.</summary>
    public const int MaxLeaves = 256;

    private readonly StrategyCompiler _strategies = new(compilation);

    /// <returns>Null when there are faults.</returns>
    public Target? Compile(JsonPart root, string path) => Compile(root, path, "config", LeafSettings.Default, depth: 0);

    private Target? Compile(JsonPart part, string path, string place, LeafSettings inherited, int depth)
    {
        if (ConfigObject.Read(part, path, ConfigMembers.Config, compilation.Faults) is not { } node) return null;
        UnsupportedMembers.Check(node);
        var settings = LeafSettingsReader.Read(node, inherited, compilation);
        CheckWithoutEffect(node);
        var name = node.Text("name");
        var weight = node.Number("weight") ?? 1;
        var row = ReadProvider(node);
        var key = ReadKey(node);
        var target = node.Has("targets") ? CompileNode(node, place, settings, depth) : CompileLeaf(node, row, key, place, settings, depth);
        return target is null ? null : target with { Name = name, Weight = weight };
    }

    private Target? CompileNode(ConfigObject node, string place, LeafSettings settings, int depth)
    {
        if (node.Array("targets") is not { } items) return null;
        if (items.Count == 0) node.Fault("targets", "At least one target was expected; this list is empty.");
        if (depth == MaxDepth)
        {
            node.Fault("targets", $"Targets can be nested {MaxDepth} levels deep; these are deeper.");
            return null;
        }

        var targets = new List<Target?>(items.Count);
        foreach (var (path, item) in node.Numbered("targets", items))
        {
            targets.Add(Compile(item, path, $"{place}.targets[{targets.Count}]", settings, depth + 1));
        }

        return _strategies.Compile(node, place, items, targets);
    }

    private LeafTarget CompileLeaf(ConfigObject node, ProviderRow? row, Secret key, string place, LeafSettings settings, int depth)
    {
        compilation.Leaves++;
        StrategyCompiler.CheckWithoutTargets(node);
        var isNamed = node.Has("provider");
        var faultsBefore = compilation.Faults.All.Count;
        var options = isNamed ? LeafOptionReader.Read(node, row, compilation) : LeafOptionReader.ReadForAnyRow(node, compilation);
        if (!isNamed) CheckWithoutProvider(node, hasOptions: options.Count > 0 || compilation.Faults.All.Count > faultsBefore, depth);
        return new LeafTarget
        {
            Path = place,
            Provider = row,
            ApiKey = key,
            Options = options,
            Settings = settings,
            TakesHeaders = !isNamed,
            FillsFromHeaders = isNamed && depth == 0,
        };
    }

    private ProviderRow? ReadProvider(ConfigObject node)
    {
        if (node.Text("provider") is not { } name) return null;
        if (name.StartsWith('@'))
        {
            node.Fault("provider", $"'{ShortText.Of(name)}' names a stored key, and this version stores none. Name the provider itself, such as 'openai', and give its 'api_key'.");
            return null;
        }

        if (compilation.Scope.Catalogue.Find(name) is { } row) return row;
        node.Fault("provider", compilation.Scope.Catalogue.Unknown(name));
        return null;
    }

    private static void CheckWithoutProvider(ConfigObject node, bool hasOptions, int depth)
    {
        if (ConfigMembers.Stored.Any(node.Has)) return;
        if (depth > 0)
        {
            node.FaultHere("This target names no provider. Add 'provider', or a 'strategy' with 'targets'.");
        }
        else if (!hasOptions && !SaysSomething(node))
        {
            node.FaultHere("The config says nothing: give 'provider', 'strategy' with 'targets', or settings such as 'retry', 'request_timeout' or 'override_params'.");
        }
    }

    /// <summary>A root without a provider is a leaf that the request's headers complete; what else it says must be worth it.</summary>
    private static bool SaysSomething(ConfigObject node) =>
        ConfigMembers.Config.All.Any(name => node.Has(name) && name is not ("name" or "weight") && !ConfigMembers.WithoutEffect.Contains(name));

    private static Secret ReadKey(ConfigObject node)
    {
        var key = node.Text("api_key") ?? "";
        if (!HeaderGate.IsSafe(key)) node.Fault("api_key", "The key holds control characters, such as a line break. Take them out.");
        return new Secret(key);
    }

    /// <summary>
    /// Members whose type counts and nothing else. Answers pass as they came, strict or not; there is no cache yet, so
    /// that a config which wants one works as it does with an empty one.
    /// </summary>
    private static void CheckWithoutEffect(ConfigObject node)
    {
        node.Statuses("on_status_codes");
        node.Flag("strict_open_ai_compliance");
        if (node.Object("cache", ConfigMembers.Cache) is not { } cache) return;
        cache.Number("max_age");
        if (!cache.Has("mode")) cache.Fault("mode", "A mode was expected: 'simple' or 'semantic'.");
        else if (cache.Text("mode") is { } mode && mode is not ("simple" or "semantic")) cache.Fault("mode", $"Unknown cache mode '{ShortText.Of(mode)}'. The modes are 'simple' and 'semantic'.");
    }
}
