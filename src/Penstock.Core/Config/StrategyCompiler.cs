using System.Collections.Immutable;
using System.Text.Json;
using Penstock.Json;

namespace Penstock.Config;

/// <summary>Compiles how a node chooses among its targets.</summary>
internal sealed class StrategyCompiler(Compilation compilation)
{
    private readonly QueryCompiler _queries = new(compilation);

    /// <param name="place">The node's own place in the plan.</param>
    /// <param name="items">The targets as written.</param>
    /// <param name="targets">The same, compiled; null where there are faults.</param>
    /// <returns>Null when there are faults.</returns>
    public Target? Compile(ConfigObject node, string place, IReadOnlyList<JsonPart> items, IReadOnlyList<Target?> targets)
    {
        var strategy = node.Object("strategy", ConfigMembers.Strategy);
        if (!node.Has("strategy") && items.Count > 1)
        {
            node.Fault("strategy", "Several targets need a strategy. Add one, for example \"strategy\": {\"mode\": \"fallback\"}.");
        }

        var mode = strategy is null ? "single" : ReadMode(strategy);
        var statuses = strategy?.Statuses("on_status_codes");
        var cases = mode == "conditional" ? ReadCases(strategy!, items, targets) : CheckUnused(strategy);
        if (mode is null || targets.Count == 0 || targets.Contains(null)) return null;
        ImmutableArray<Target> all = [.. targets!];
        return mode switch
        {
            "fallback" => new FallbackTarget(all, statuses) { Path = place },
            "loadbalance" => Balance(node, place, all),
            "conditional" => cases is null ? null : new ConditionalTarget(cases.Value.Cases, cases.Value.Default) { Path = place, MayBeSlow = compilation.BacktrackingPatterns > 0 },
            _ => new SingleTarget(all[0]) { Path = place },
        };
    }

    /// <summary>A leaf may say <c>single</c>, which it is; any other strategy lacks what it chooses from.</summary>
    public static void CheckWithoutTargets(ConfigObject node)
    {
        if (node.Object("strategy", ConfigMembers.Strategy) is not { } strategy || ReadMode(strategy) is null or "single") return;
        node.Fault("strategy", "A strategy chooses among targets, and there are none. Add 'targets', or take 'strategy' out.");
    }

    private static string? ReadMode(ConfigObject strategy)
    {
        var known = string.Join(", ", ConfigMembers.Modes.Select(mode => $"'{mode}'"));
        if (!strategy.Has("mode")) strategy.Fault("mode", $"A mode was expected here: {known}.");
        if (strategy.Text("mode") is not { } typed) return null;
        if (ConfigMembers.Modes.Contains(typed)) return typed;
        var hint = Spelling.DidYouMean(typed, ConfigMembers.Modes) ?? $"The modes are {known}.";
        strategy.Fault("mode", $"Unknown strategy '{ShortText.Of(typed)}'. {hint}");
        return null;
    }

    private static LoadBalanceTarget Balance(ConfigObject node, string place, ImmutableArray<Target> targets)
    {
        var total = targets.Sum(target => target.Weight);
        if (total <= 0) node.Fault("targets", "All targets have the weight 0, so that none could be chosen. Give at least one a positive weight.");
        else if (!double.IsFinite(total)) node.Fault("targets", "The weights are too large to be added up.");
        return new LoadBalanceTarget(targets, total) { Path = place };
    }

    /// <returns>Null when a case has faults, or a target that it needs.</returns>
    private (ImmutableArray<ConditionCase> Cases, Target? Default)? ReadCases(ConfigObject strategy, IReadOnlyList<JsonPart> items, IReadOnlyList<Target?> targets)
    {
        var cases = ImmutableArray.CreateBuilder<ConditionCase>();
        var conditions = strategy.Array("conditions") ?? [];
        if (conditions.Count == 0 && strategy.Get("conditions") is null or { Kind: JsonValueKind.Array })
        {
            strategy.Fault("conditions", "At least one condition was expected here: {\"query\": …, \"then\": \"name of a target\"}.");
        }

        foreach (var (path, item) in strategy.Numbered("conditions", conditions))
        {
            if (ConfigObject.Read(item, path, ConfigMembers.Condition, compilation.Faults) is not { } written) continue;
            var query = ReadQuery(written);
            var then = FindTarget(written, "then", items, targets);
            if (!written.Has("then")) written.Fault("then", "The name of a target was expected here.");
            if (query is not null && then is not null) cases.Add(new ConditionCase(query, then));
        }

        var other = FindTarget(strategy, "default", items, targets);
        return cases.Count == conditions.Count ? (cases.ToImmutable(), other) : null;
    }

    /// <summary>Members of another strategy have no effect, but a wrong type is a fault all the same.</summary>
    private static (ImmutableArray<ConditionCase> Cases, Target? Default)? CheckUnused(ConfigObject? strategy)
    {
        strategy?.Array("conditions");
        strategy?.Text("default");
        return null;
    }

    private Condition? ReadQuery(ConfigObject written)
    {
        if (written.Get("query") is { } query) return _queries.Compile(query, written.PathOf("query"));
        written.Fault("query", "A query was expected here, for example {\"metadata.plan\": \"pro\"}.");
        return null;
    }

    private static Target? FindTarget(ConfigObject written, string member, IReadOnlyList<JsonPart> items, IReadOnlyList<Target?> targets)
    {
        if (written.Text(member) is not { } name) return null;
        var found = -1;
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i]["name"]?.Text != name) continue;
            if (found >= 0)
            {
                written.Fault(member, $"Two targets are named '{ShortText.Of(name)}'. Give each a name of its own.");
                return null;
            }

            found = i;
        }

        if (found >= 0) return targets[found];
        var names = string.Join(", ", items.Select(item => item["name"]?.Text).Where(text => text is not null).Select(text => $"'{ShortText.Of(text!)}'"));
        written.Fault(member, $"No target here is named '{ShortText.Of(name)}'. {(names.Length == 0 ? "None has a 'name'." : $"The names are {names}.")}");
        return null;
    }
}
