using Penstock.Simulator;

namespace Penstock.Core.Tests.Gateway;

/// <summary>Load balancing, conditions and single targets.</summary>
public sealed class StrategyTests
{
    private static CancellationToken Stop => Patience.Token;

    [Theory]
    [InlineData("70", "30", 0.7)]
    [InlineData("0.7", "0.3", 0.7)]
    [InlineData("1", "0", 1)]
    [InlineData("0", "5", 0)]
    [InlineData("1", "1", 0.5)]
    public async Task Weights_are_shares(string first, string second, double share)
    {
        const int requests = 400;
        var random = new Random(42);
        await using var world = await TestWorld.StartAsync(providers: 2, chance: random.NextDouble);
        foreach (var provider in world.Providers) provider.Always(Reply.Json("""{"choices":[],"data":[]}"""));
        var config = $$"""{"strategy":{"mode":"loadbalance"},"targets":[{"provider":"p0","weight":{{first}}},{"provider":"p1","weight":{{second}}}]}""";
        for (var i = 0; i < requests; i++) Assert.Equal(200, (await world.SendAsync(world.Chat(config))).Status);

        var deviation = Math.Sqrt(requests * share * (1 - share));
        Assert.InRange(world.Providers[0].Requests.Count, (requests * share) - (4 * deviation), (requests * share) + (4 * deviation));
    }

    [Fact]
    public async Task The_target_that_was_drawn_has_no_understudy()
    {
        await using var world = await TestWorld.StartAsync(providers: 2, chance: () => 0);
        world.Providers[0].Always(Reply.Status(500));
        var answer = await world.SendAsync(world.Chat($$"""{"strategy":{"mode":"loadbalance"},"targets":[{{Configs.Targets(2)}}]}"""));
        Assert.Equal(500, answer.Status);
        Assert.Empty(world.Providers[1].Requests);
    }

    private const string Conditional = """
        {"strategy":{"mode":"conditional","conditions":[
          {"query":{"metadata.plan":{"$in":["pro","team"]}},"then":"big"},
          {"query":{"$and":[{"params.model":{"$regex":"^gpt-4"}},{"params.max_tokens":{"$lte":500}}]},"then":"small"},
          {"query":{"url.pathname":{"$eq":"/v1/embeddings"}},"then":"emb"}],"default":"rest"},
         "targets":[{"name":"big","provider":"p0"},{"name":"small","provider":"p1"},{"name":"emb","provider":"p2"},{"name":"rest","provider":"p3"}]}
        """;

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"x","messages":[]}""", """{"plan":"pro"}""", 0)]
    [InlineData("/v1/chat/completions", """{"model":"gpt-4o","messages":[],"max_tokens":500}""", null, 1)]
    [InlineData("/v1/chat/completions", """{"model":"gpt-4o","messages":[],"max_tokens":501}""", null, 3)]
    [InlineData("/v1/chat/completions", """{"model":"gpt-4o","messages":[]}""", """{"plan":"free"}""", 3)]
    [InlineData("/v1/embeddings", """{"model":"e","input":"x"}""", "not json", 2)]
    public async Task The_first_condition_that_holds_decides(string path, string body, string? metadata, int expected)
    {
        await using var world = await TestWorld.StartAsync(providers: 4);
        foreach (var provider in world.Providers) provider.Always(Reply.Json("""{"choices":[],"data":[]}"""));
        var request = world.Json(path, body, Conditional.ReplaceLineEndings(" "));
        if (metadata is not null) request.Headers.Add("x-portkey-metadata", metadata);
        var answer = await world.SendAsync(request);
        Assert.Equal(200, answer.Status);
        Assert.Equal($"config.targets[{expected}]", answer.Leaf);
    }

    [Fact]
    public async Task Nothing_holds_and_no_default_is_a_400_on_every_route()
    {
        await using var world = await TestWorld.StartAsync();
        var config = """{"strategy":{"mode":"conditional","conditions":[{"query":{"params.model":"other"},"then":"a"}]},"targets":[{"name":"a","provider":"p0"}]}""";
        foreach (var path in new[] { "/v1/chat/completions", "/v1/embeddings", "/v1/files", "/v1/proxy/x" })
        {
            var answer = await world.SendAsync(world.Json(path, """{"model":"m","messages":[],"input":""}""", config));
            Assert.Equal(400, answer.Status);
            Assert.Equal("failure", answer.Json.GetProperty("status").GetString());
        }
    }

    [Theory]
    [InlineData("gpt-4o", 1)]
    [InlineData("other", 0)]
    public async Task A_pattern_that_needs_the_slow_engine_decides_too(string model, int expected)
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        var config = """{"strategy":{"mode":"conditional","conditions":[{"query":{"params.model":{"$regex":"^(?=gpt)(.)pt"}},"then":"b"}],"default":"a"},"targets":[{"name":"a","provider":"p0"},{"name":"b","provider":"p1"}]}""";
        Assert.Equal($"config.targets[{expected}]", (await world.SendAsync(world.Chat(config, model: model))).Leaf);
    }

    [Fact]
    public async Task A_condition_bears_any_body()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var config = """{"strategy":{"mode":"conditional","conditions":[{"query":{"params.x":{"$regex":"a"}},"then":"a"}],"default":"a"},"targets":[{"name":"a","provider":"p0"}]}""";
        var deep = new string('[', 200) + new string(']', 200);
        var answer = await world.SendAsync(world.Json("/v1/chat/completions", $$"""{"x":"\ud800","y":1e999999,"z":{{deep}},"x2":1,"x2":2}""", config));
        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task Single_takes_the_first_target()
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        var answer = await world.SendAsync(world.Chat($$"""{"strategy":{"mode":"single"},"targets":[{{Configs.Targets(2)}}]}"""));
        Assert.Equal("config.targets[0]", answer.Leaf);
    }

    [Fact]
    public async Task A_config_without_a_provider_takes_it_from_the_header()
    {
        await using var world = await TestWorld.StartAsync();
        var request = world.Chat("""{"retry":{"attempts":5,"backoff":"exponential"}}""");
        request.Headers.Add("x-portkey-provider", "p0");
        Assert.Equal(200, (await world.SendAsync(request)).Status);
        Assert.Equal("Bearer sk-sim", (await world.Provider.NextRequestAsync(Stop)).Headers["Authorization"]);
    }
}
