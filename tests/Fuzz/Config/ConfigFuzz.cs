using System.Collections.Immutable;
using System.Globalization;
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
    public Task What_the_reference_allows_compiles() => new FuzzTarget<Case>(CreateValid, CheckValid, Smaller, Shown, 800).RunAsync();

    [Fact]
    public Task Any_text_is_a_plan_or_has_faults_with_paths() => new FuzzTarget<Case>(CreateAny, CheckAny, Smaller, Shown, 1_500).RunAsync();

    [Fact]
    public Task What_the_cache_gives_back_was_put_in() => new FuzzTarget<Uses>(Uses.Create, CheckCache, Uses.Smaller, one => one.ToString(), 10).RunAsync();

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
            Assert.True(Leads(text.Root, fault.Path, fault.Part), $"{fault.Path}: {fault.Message}");
        }

        if (plan is not null) Serve(plan, one.Facts);
    }

    /// <summary>Whether the path leads to the part that the fault names. A last step may be a member that is missing there.</summary>
    private static bool Leads(JsonPart from, string path, JsonPart to)
    {
        if (ReferenceEquals(from, to) && (path.Length == 0 || from.Kind == JsonValueKind.Object)) return true;
        var children = from.Members.Select(member => (ShortText.Cut(member.Key, JsonFaults.MaxKeyLength), member.Value)).Concat(from.Items.Select((item, i) => (i.ToString(CultureInfo.InvariantCulture), item)));
        foreach (var (step, child) in children)
        {
            if (path == step && Leads(child, "", to)) return true;
            if (path.StartsWith(step + ",", StringComparison.Ordinal) && Leads(child, path[(step.Length + 1)..], to)) return true;

            // An empty name leaves no comma at the beginning of a path.
            if (step.Length == 0 && Leads(child, path, to)) return true;
        }

        return false;
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

    private static void CheckCache(Uses uses)
    {
        var cache = new PlanCache();
        var plans = new Dictionary<int, Plan>();
        foreach (var number in uses.Numbers)
        {
            var config = new string('x', number);
            if (!plans.TryGetValue(number, out var plan)) plans[number] = plan = new Plan(new LeafTarget { Path = "config", Settings = LeafSettings.Default }, number % 3);
            if (cache.TryGet(config, out var found)) Assert.Same(plan, found);
            else cache.Add(config, plan);
            Assert.True(cache.TryGet(config, out found));
            Assert.Same(plan, found);
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

    /// <param name="Numbers">Configs by their length, in the order in which they are asked for.</param>
    private sealed record Uses(ImmutableArray<int> Numbers)
    {
        public static Uses Create(Dice dice) => new([.. Enumerable.Range(0, 5_000).Select(_ => dice.Size(3_000))]);

        public static IEnumerable<Uses> Smaller(Uses one) => Shrink.List(one.Numbers).Select(numbers => new Uses(numbers));

        public override string ToString() => string.Join(' ', Numbers);
    }

    private sealed record Case(byte[] Config, byte[] Facts);

    private sealed class FixedFacts(JsonElement json) : IRoutingFacts
    {
        public JsonElement Params => json;

        public JsonElement Metadata => json;

        public WorkBudget Budget { get; } = new();

        public string PathName => "/v1/chat/completions";

        public string? Header(string name) => name.Length % 2 == 0 ? name : null;
    }
}
