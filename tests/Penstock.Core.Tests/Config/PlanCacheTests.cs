using Penstock.Config;

namespace Penstock.Core.Tests.Config;

public sealed class PlanCacheTests
{
    private static readonly Plan Plan = Configs.Compile("""{"provider":"openai"}""");

    [Fact]
    public void Finds_a_config_by_its_exact_text()
    {
        var cache = new PlanCache();
        cache.Add("a", Plan);

        Assert.True(cache.TryGet("a", out var plan));
        Assert.Same(Plan, plan);
        Assert.False(cache.TryGet("A", out _));
        Assert.False(cache.TryGet("a ", out _));
    }

    [Fact]
    public void Keeps_what_is_used_and_forgets_the_rest()
    {
        var cache = new PlanCache();
        cache.Add("used", Plan);
        cache.Add("unused", Plan);
        for (var i = 0; i < 10_000; i++)
        {
            cache.Add($"flood {i}", Plan);
            Assert.True(cache.TryGet("used", out _));
        }

        Assert.False(cache.TryGet("unused", out _));
        Assert.False(cache.TryGet("flood 0", out _));
        Assert.True(cache.TryGet("flood 9999", out _));
    }

    [Fact]
    public void Is_bounded_in_patterns_too()
    {
        var cache = new PlanCache();
        var names = Enumerable.Range(0, 500).Select(i => $"{i}").ToList();
        foreach (var name in names) cache.Add(name, Configs.Compile(Queries.Config("""{"metadata.a":{"$regex":"b"}}""")));

        Assert.InRange(names.Count(name => cache.TryGet(name, out _)), 1, 130);
    }

    [Fact]
    public void Is_bounded_in_characters_too()
    {
        var cache = new PlanCache();
        var names = Enumerable.Range(0, 20).Select(i => new string((char)('a' + i), 1 << 20)).ToList();
        foreach (var name in names) cache.Add(name, Plan);

        Assert.InRange(names.Count(name => cache.TryGet(name, out _)), 1, 10);
    }
}
