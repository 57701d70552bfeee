using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>Conditions and bodies come from one caller: their product has a bound.</summary>
public sealed class ConditionCostTests
{
    private static readonly string Objects = string.Join(',', Enumerable.Repeat("{}", 62_000));

    [Fact]
    public async Task Many_conditions_over_many_items_are_refused_by_the_name_of_the_condition()
    {
        await using var world = await TestWorld.StartAsync();
        var conditions = Enumerable.Range(0, 1_200).Select(i => $$$"""{"query":{"params.x.{{{60_000 + i}}}.q":1},"then":"a"}""");
        var answer = await SendAsync(world, conditions, $$"""{"model":"m","messages":[],"x":[{{Objects}}]}""");
        AssertTooCostly(answer, [66]);
        Assert.Empty(world.Provider.Requests);
    }

    [Fact]
    public async Task Slow_patterns_have_one_clock_together()
    {
        await using var world = await TestWorld.StartAsync();
        var conditions = Enumerable.Range(0, 16).Select(i => $$$"""{"query":{"params.x":{"$regex":"^(?=a)(a+)+${{{i}}}"}},"then":"a"}""");
        var answer = await SendAsync(world, conditions, $$"""{"model":"m","messages":[],"x":"{{new string('a', 60)}}!"}""");
        AssertTooCostly(answer, [2, 3]);
    }

    [Fact]
    public async Task Large_texts_count()
    {
        await using var world = await TestWorld.StartAsync();
        var conditions = Enumerable.Range(0, 1_000).Select(i => $$$"""{"query":{"params.x":{"$gt":{{{i}}}}},"then":"a"}""");
        var answer = await SendAsync(world, conditions, $$"""{"model":"m","messages":[],"x":"{{new string(' ', 16 << 20)}}"}""");
        AssertTooCostly(answer, [15]);
    }

    [Fact]
    public async Task Every_condition_of_the_tree_counts()
    {
        await using var world = await TestWorld.StartAsync();
        var conditions = string.Join(',', Enumerable.Repeat("""{"query":{"params.x.60000.q":1},"then":"a"}""", 10));
        var node = $$$"""{"strategy":{"mode":"conditional","conditions":[{{{conditions}}}]},"targets":[{"name":"a","provider":"p0"}]}""";
        var config = $$$"""{"strategy":{"mode":"fallback"},"targets":[{{{string.Join(',', Enumerable.Repeat(node, 8))}}}]}""";
        var answer = await world.SendAsync(world.Json("/v1/chat/completions", $$"""{"model":"m","messages":[],"x":[{{Objects}}]}""", config));
        Assert.Equal(400, answer.Status);
        Assert.Equal("conditions_too_costly", answer.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task What_people_write_is_far_below()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var conditions = Enumerable.Range(0, 1_000).Select(i => $$$"""{"query":{"params.messages.40.role":"x{{{i}}}"},"then":"a"}""");
        var messages = string.Join(',', Enumerable.Repeat("""{"role":"user","content":"hello"}""", 200));
        var answer = await SendAsync(world, conditions, $$"""{"model":"m","messages":[{{messages}}]}""", ",\"default\":\"a\"");
        Assert.Equal(200, answer.Status);
    }

    private static void AssertTooCostly(Answer answer, int[] at)
    {
        Assert.Equal(400, answer.Status);
        var error = answer.Json.GetProperty("error");
        Assert.Equal("conditions_too_costly", error.GetProperty("code").GetString());
        var place = error.GetProperty("param").GetString()!;
        Assert.Contains(place, at.Select(i => $"config.strategy.conditions[{i}]"));
        Assert.Contains(place, answer.ErrorMessage, StringComparison.Ordinal);
    }

    private static Task<Answer> SendAsync(TestWorld world, IEnumerable<string> conditions, string body, string more = "")
    {
        var config = $$$"""{"strategy":{"mode":"conditional","conditions":[{{{string.Join(',', conditions)}}}]{{{more}}}},"targets":[{"name":"a","provider":"p0"}]}""";
        return world.SendAsync(world.Json("/v1/chat/completions", body, config));
    }
}
