using System.Text;
using System.Text.Json;
using Penstock.Config;
using Penstock.Json;
using Penstock.Providers;
using Penstock.Transport;

namespace Penstock.Fuzz.Tests.Config;

/// <summary>Any text is a plan, or faults that say where; a plan serves any request.</summary>
public sealed class ConfigFuzz
{
    private static readonly ConfigScope Scope = new(Catalogue.BuiltIn, new HostRules([], trustLoopback: true));

    [Fact]
    public Task What_the_reference_allows_compiles() => new FuzzTarget<Case>(CreateValid, CheckValid, Smaller, Shown, Inputs: 1_500).RunAsync();

    [Fact]
    public Task Any_text_is_a_plan_or_has_faults_with_paths() => new FuzzTarget<Case>(CreateAny, CheckAny, Smaller, Shown, Inputs: 3_000).RunAsync();

    [Fact]
    public Task What_the_cache_gives_back_was_put_in() => new FuzzTarget<string>(dice => dice.Below(1 << 30).ToString(System.Globalization.CultureInfo.InvariantCulture), CheckCache, _ => [], Show.Text, Inputs: 20).RunAsync();

    private static Case CreateValid(Dice dice) => new(Encoding.UTF8.GetBytes(new ConfigGrammar(dice).Write()), Facts(dice));

    private static Case CreateAny(Dice dice)
    {
        var config = Encoding.UTF8.GetBytes(new ConfigGrammar(dice).Write());
        if (dice.OneIn(20)) config = dice.Bytes(dice.Size(30));
        if (dice.OneIn(10)) config = new JsonGrammar(dice) { Names = [.. ConfigMembers.Config.All] }.Object();
        if (dice.OneIn(10)) config = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(config).Replace("\"^gpt-4\"", JsonSerializer.Serialize(RandomPattern(dice)), StringComparison.Ordinal));
        return new Case(JsonMutator.Change(dice, config), Facts(dice));
    }

    /// <summary>Patterns that are none, or unusual ones; those that take long are for tests with a clock.</summary>
    private static string RandomPattern(Dice dice) =>
        string.Concat(Enumerable.Range(0, dice.Size(12)).Select(_ => dice.Pick("(", ")", "[", "]", "*", "+", "?", "a", "\\", "\\d", "\\p{L}", "{2}", "{,", "|", "^", "$", "(?:", "(?<n>", "\\k<n>", "😀", "[^", "-", ".")));

    private static byte[] Facts(Dice dice) => new JsonGrammar(dice) { Names = ["model", "messages", "a", "b", "plan", "max_tokens", "a.b"], HasLoneSurrogates = true }.Object();

    private static IEnumerable<Case> Smaller(Case one) => Shrink.Each(
        Shrink.Bytes(one.Config).Select(config => one with { Config = config }),
        Shrink.Bytes(one.Facts).Where(IsJson).Select(facts => one with { Facts = facts }));

    private static string Shown(Case one) => $"{Show.Bytes(one.Config)}\nfor {Show.Bytes(one.Facts)}";

    private static void CheckValid(Case one)
    {
        var faults = new JsonFaults();
        var plan = ConfigCompiler.Compile(JsonText.Parse(one.Config).Root, Scope, faults);
        Assert.Equal([], faults.All.Select(fault => $"{fault.Path}: {fault.Message}"));
        Serve(plan!, one.Facts);
    }

    private static void CheckAny(Case one)
    {
        JsonText text;
        try
        {
            text = JsonText.Parse(one.Config);
        }
        catch (JsonTextException)
        {
            return;
        }

        var faults = new JsonFaults();
        var plan = ConfigCompiler.Compile(text.Root, Scope, faults);
        Assert.Equal(faults.Any, plan is null);
        foreach (var fault in faults.All)
        {
            Assert.NotEmpty(fault.Message);
            Assert.NotNull(fault.Path);
            Assert.InRange(fault.Part.Offset, 0, one.Config.Length);
            Assert.True(Leads(text.Root, fault), $"{fault.Path}: {fault.Message}");
        }

        if (plan is not null) Serve(plan, one.Facts);
    }

    /// <summary>Whether the path leads to the part that the fault names, or to where a missing member would be.</summary>
    private static bool Leads(JsonPart root, JsonFault fault)
    {
        var written = Encoding.UTF8.GetString(root.ToUtf8());
        if (fault.Path.Length == 0) return ReferenceEquals(fault.Part, root);
        var first = fault.Path.Split(',')[0];
        return root.Members.Any(member => member.Key.Split(',')[0] == first || member.Key.StartsWith(first.TrimEnd('…'), StringComparison.Ordinal)) || !written.Contains(first, StringComparison.Ordinal);
    }

    private static void Serve(Plan plan, byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        Visit(plan.Root, new FixedFacts(document.RootElement));
    }

    private static void Visit(Target target, IRoutingFacts facts)
    {
        Assert.StartsWith("config", target.Path, StringComparison.Ordinal);
        switch (target)
        {
            case LeafTarget leaf:
                Assert.NotNull(leaf.Settings);
                break;
            case SingleTarget single:
                Visit(single.Only, facts);
                break;
            case FallbackTarget fallback:
                foreach (var child in fallback.Targets) Visit(child, facts);
                break;
            case LoadBalanceTarget balance:
                Assert.True(balance.TotalWeight > 0 && double.IsFinite(balance.TotalWeight));
                foreach (var child in balance.Targets) Visit(child, facts);
                break;
            case ConditionalTarget conditional:
                foreach (var (condition, then) in conditional.Cases)
                {
                    Assert.Equal(condition.Matches(facts), condition.Matches(facts));
                    Visit(then, facts);
                }

                break;
        }
    }

    private static void CheckCache(string seed)
    {
        var dice = new Dice(ulong.Parse(seed, System.Globalization.CultureInfo.InvariantCulture));
        var plans = Enumerable.Range(0, 3_000).Select(i => new Plan(new LeafTarget { Path = $"config{i}", Settings = LeafSettings.Default }, dice.Below(3))).ToArray();
        var cache = new PlanCache();
        for (var i = 0; i < 10_000; i++)
        {
            var number = dice.Below(plans.Length);
            var config = new string('x', number);
            if (cache.TryGet(config, out var found)) Assert.Same(plans[number], found);
            else cache.Add(config, plans[number]);
            Assert.True(cache.TryGet(config, out found));
            Assert.Same(plans[number], found);
        }
    }

    private static bool IsJson(byte[] json)
    {
        try
        {
            JsonDocument.Parse(json).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed record Case(byte[] Config, byte[] Facts);

    private sealed class FixedFacts(JsonElement json) : IRoutingFacts
    {
        public JsonElement Params => json;

        public JsonElement Metadata => json;

        public string PathName => "/v1/chat/completions";

        public string? Header(string name) => name.Length % 2 == 0 ? name : null;
    }
}
