using Penstock.Simulator;

namespace Penstock.Core.Tests.Gateway;

/// <summary>Targets in order, until one answers well.</summary>
public sealed class FallbackTests
{
    private static CancellationToken Stop => Patience.Token;

    public static TheoryData<string, Reply> Failures => new()
    {
        { "400", Reply.Status(400) },
        { "401", Reply.Status(401) },
        { "429", Reply.Status(429) },
        { "500", Reply.Status(500) },
        { "302", Reply.Status(302) },
        { "reset", Reply.Reset() },
        { "no answer", Reply.CloseWithoutAnswer() },
        { "garbage", Reply.Garbage() },
        { "empty 200", Reply.Empty() },
        { "a page with 200", Reply.Html(200) },
        { "half a document", Reply.Json("""{"choices":[{"message":{"content":"long enough"}}]}""").CloseAfterBytes(20) },
        { "truncated gzip", Reply.Json("""{"a":"0123456789012345678901234567890123456789"}""").Encoded("gzip", isTruncated: true) },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Any_failure_leads_to_the_next_target(string what, Reply failure)
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Providers[0].Always(failure);
        var answer = await world.SendAsync(world.Chat(Configs.Fallback()));
        Assert.True(answer.Status == 200, $"{what}: {answer.Status} {answer.Text}");
        Assert.Equal("config.targets[1]", answer.Leaf);
        Assert.Equal("p1", answer.Header("x-portkey-provider"));
        Assert.Null(answer.Header("x-should-retry"));
    }

    [Fact]
    public async Task A_success_ends_it()
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        var answer = await world.SendAsync(world.Chat(Configs.Fallback()));
        Assert.Equal("config.targets[0]", answer.Leaf);
        Assert.Empty(world.Providers[1].Requests);
    }

    [Fact]
    public async Task The_last_failure_is_the_answer()
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Providers[0].Always(Reply.Status(500));
        world.Providers[1].Always(Reply.Json("""{"error":{"message":"second"}}""", 503));
        var answer = await world.SendAsync(world.Chat(Configs.Fallback()));
        Assert.Equal(503, answer.Status);
        Assert.Equal("p1 error: second", answer.ErrorMessage);
        Assert.Equal("false", answer.Header("x-should-retry"));
    }

    [Theory]
    [InlineData(429, 2)]
    [InlineData(500, 1)]
    [InlineData(200, 1)]
    public async Task Listed_statuses_are_the_only_ones_that_lead_on(int status, int calls)
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Providers[0].Always(Reply.Json("""{"choices":[]}""", status));
        world.Providers[1].Always(Reply.Json("""{"choices":[]}"""));
        await world.SendAsync(world.Chat(Configs.Fallback(strategy: ""","on_status_codes":[429]""")));
        Assert.Equal(calls, world.Providers.Sum(provider => provider.Requests.Count));
    }

    [Fact]
    public async Task An_empty_list_stops_after_the_first()
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Providers[0].Always(Reply.Status(500));
        Assert.Equal(500, (await world.SendAsync(world.Chat(Configs.Fallback(strategy: ""","on_status_codes":[]""")))).Status);
        Assert.Empty(world.Providers[1].Requests);
    }

    [Fact]
    public async Task An_unreachable_target_counts_as_502_where_statuses_are_listed()
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Providers[0].Always(Reply.Reset());
        var answer = await world.SendAsync(world.Chat(Configs.Fallback(strategy: ""","on_status_codes":[502]""")));
        Assert.Equal("config.targets[1]", answer.Leaf);
    }

    [Fact]
    public async Task A_target_that_cannot_serve_the_operation_is_passed_over()
    {
        await using var world = await TestWorld.StartAsync(providers: 1);
        var config = """{"strategy":{"mode":"fallback"},"targets":[{"provider":"voyage","api_key":"k"},{"provider":"p0"}]}""";
        var answer = await world.SendAsync(world.Chat(config));
        Assert.Equal(200, answer.Status);
        Assert.Equal("config.targets[1]", answer.Leaf);
    }

    [Fact]
    public async Task A_target_without_a_key_is_passed_over()
    {
        await using var world = await TestWorld.StartAsync(providers: 1);
        world.Client.DefaultRequestHeaders.Remove("Authorization");
        var config = """{"strategy":{"mode":"fallback"},"targets":[{"provider":"openai"},{"provider":"p0","api_key":"sk-sim"}]}""";
        var answer = await world.SendAsync(world.Chat(config));
        Assert.Equal("config.targets[1]", answer.Leaf);
    }

    [Fact]
    public async Task Each_target_gets_its_own_body()
    {
        await using var world = await TestWorld.StartAsync(providers: 3);
        world.Providers[0].Always(Reply.Status(500));
        world.Providers[1].Always(Reply.Status(500));
        world.Providers[2].Always(Reply.Json("""{"choices":[]}"""));
        var config = """
            {"strategy":{"mode":"fallback"},"override_params":{"temperature":0.5},"targets":[
              {"provider":"p0","override_params":{"model":"first"}},
              {"provider":"p1","drop_params":["user"],"default_params":{"seed":1,"model":"unused"}},
              {"provider":"p2","override_params":{"temperature":1,"model":"third"}}]}
            """.ReplaceLineEndings(" ");
        await world.SendAsync(world.Json("/v1/chat/completions", """{"model":"own","messages":[],"user":"u"}""", config));
        Assert.Equal("""{"model":"first","messages":[],"user":"u","temperature":0.5}""", (await world.Providers[0].NextRequestAsync(Stop)).BodyText);
        Assert.Equal("""{"model":"own","messages":[],"temperature":0.5,"seed":1}""", (await world.Providers[1].NextRequestAsync(Stop)).BodyText);
        Assert.Equal("""{"model":"third","messages":[],"user":"u","temperature":1}""", (await world.Providers[2].NextRequestAsync(Stop)).BodyText);
    }

    [Fact]
    public async Task Trees_nest()
    {
        await using var world = await TestWorld.StartAsync(providers: 3, chance: () => 0.9);
        world.Providers[0].Always(Reply.Status(500));
        var config = """{"strategy":{"mode":"fallback"},"targets":[{"provider":"p0"},{"strategy":{"mode":"loadbalance"},"targets":[{"provider":"p1"},{"strategy":{"mode":"single"},"targets":[{"provider":"p2"}]}]}]}""";
        var answer = await world.SendAsync(world.Chat(config));
        Assert.Equal(200, answer.Status);
        Assert.Equal("config.targets[1].targets[1].targets[0]", answer.Leaf);
    }

    [Fact]
    public async Task A_target_is_repeated_before_the_next_one_is_tried()
    {
        await using var world = await TestWorld.StartAsync(providers: 2, chance: () => 0);
        world.Providers[0].Always(Reply.Status(503).RetryAfterMs(1));
        var answer = await world.SendAsync(world.Chat(Configs.Fallback(root: "\"retry\":{\"attempts\":2,\"use_retry_after_header\":true},")));
        Assert.Equal("config.targets[1]", answer.Leaf);
        Assert.Equal(3, world.Providers[0].Requests.Count);
        Assert.Equal("0", answer.Retries);
    }

    [Fact]
    public async Task A_large_upload_falls_back_as_long_as_none_of_it_is_gone()
    {
        await using var world = await TestWorld.StartAsync(providers: 2, settings: new() { Limits = new() { ReplayBytes = 1024 } });
        await world.Providers[0].DisposeAsync();
        world.Providers[1].Always(Reply.Json("""{"choices":[]}"""));
        var upload = new HttpRequestMessage(HttpMethod.Post, "/v1/files") { Content = new ByteArrayContent(new byte[100_000]), Headers = { { "x-portkey-config", Configs.Fallback() } } };
        var answer = await world.SendAsync(upload);
        Assert.Equal(200, answer.Status);
        Assert.Equal(100_000, (await world.Providers[1].NextRequestAsync(Stop)).Body.Length);
    }
}
