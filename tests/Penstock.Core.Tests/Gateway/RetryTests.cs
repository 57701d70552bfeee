using Penstock.Simulator;

namespace Penstock.Core.Tests.Gateway;

/// <summary>Repeats of one target: how many, after what, after how long.</summary>
public sealed class RetryTests
{
    private static CancellationToken Stop => Patience.Token;

    [Theory]
    [InlineData(0.0, new double[] { 500, 1000, 2000 })]
    [InlineData(0.5, new double[] { 750, 1500, 3000 })]
    public async Task Waits_double_from_a_second_times_a_half_to_one(double chance, double[] expected)
    {
        await using var world = await TestWorld.StartAsync(time: new ManualTime(), chance: () => chance);
        world.Provider.Enqueue(Reply.Status(500), Reply.Status(503), Reply.Status(502), Reply.Json("""{"choices":[]}"""));

        var (answer, waits) = await world.SendThroughWaitsAsync(world.Chat(Configs.Retry(5)));

        Assert.Equal(200, answer.Status);
        Assert.Equal("3", answer.Retries);
        Assert.Equal(expected, waits);
        Assert.Equal(4, world.Provider.Requests.Count);
    }

    [Fact]
    public async Task When_all_repeats_are_used_up_the_last_answer_comes_and_says_so()
    {
        await using var world = await TestWorld.StartAsync(time: new ManualTime(), chance: () => 0);
        world.Provider.Always(Reply.Status(503));

        var (answer, waits) = await world.SendThroughWaitsAsync(world.Chat(Configs.Retry(2)));

        Assert.Equal(503, answer.Status);
        Assert.Equal("-1", answer.Retries);
        Assert.Equal("false", answer.Header("x-should-retry"));
        Assert.Equal([500, 1000], waits);
        Assert.Equal(3, world.Provider.Requests.Count);
    }

    [Fact]
    public async Task More_than_five_repeats_are_cut_to_five()
    {
        await using var world = await TestWorld.StartAsync(time: new ManualTime(), chance: () => 0);
        world.Provider.Always(Reply.Status(500));
        var (_, waits) = await world.SendThroughWaitsAsync(world.Chat(Configs.Retry(50)));
        Assert.Equal([500, 1000, 2000, 4000, 8000], waits);
        Assert.Equal(6, world.Provider.Requests.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(501)]
    public async Task Other_statuses_are_not_repeated(int status)
    {
        await using var world = await TestWorld.StartAsync(time: new ManualTime());
        world.Provider.Always(Reply.Status(status));
        var (answer, waits) = await world.SendThroughWaitsAsync(world.Chat(Configs.Retry(3)));
        Assert.Equal(status, answer.Status);
        Assert.Equal("0", answer.Retries);
        Assert.Empty(waits);
        Assert.Single(world.Provider.Requests);
    }

    [Fact]
    public async Task Listed_statuses_replace_the_default_ones()
    {
        await using var world = await TestWorld.StartAsync(time: new ManualTime());
        world.Provider.Enqueue(Reply.Status(418), Reply.Status(500));
        var (answer, _) = await world.SendThroughWaitsAsync(world.Chat(Configs.Retry(3, ""","on_status_codes":[418]""")));
        Assert.Equal(500, answer.Status);
        Assert.Equal("1", answer.Retries);
    }

    [Theory]
    [InlineData("retry-after", "3", 3000)]
    [InlineData("retry-after", "1.5", 1500)]
    [InlineData("retry-after-ms", "1234", 1234)]
    [InlineData("x-ms-retry-after-ms", "77", 77)]
    [InlineData("retry-after", "Tue, 01 Jan 2030 00:00:20 GMT", 20000)]
    [InlineData("retry-after", "soon", 500)]
    [InlineData("retry-after", "-3", 500)]
    public async Task A_wish_of_the_provider_is_honoured(string header, string value, double wait)
    {
        await using var world = await TestWorld.StartAsync(time: new ManualTime(), chance: () => 0);
        world.Provider.Enqueue(Reply.Status(429).WithHeader(header, value), Reply.Json("""{"choices":[]}"""));
        var (answer, waits) = await world.SendThroughWaitsAsync(world.Chat(Configs.Retry(1, ""","use_retry_after_headers":true""")));
        Assert.Equal(200, answer.Status);
        Assert.Equal([wait], waits);
    }

    [Fact]
    public async Task Without_the_flag_the_wish_is_not_read()
    {
        await using var world = await TestWorld.StartAsync(time: new ManualTime(), chance: () => 0);
        world.Provider.Enqueue(Reply.Status(429).RetryAfter("30"), Reply.Json("""{"choices":[]}"""));
        var (_, waits) = await world.SendThroughWaitsAsync(world.Chat(Configs.Retry(1)));
        Assert.Equal([500], waits);
    }

    [Theory]
    [InlineData("61")]
    [InlineData("86400")]
    [InlineData("99999999999")]
    public async Task A_wish_for_more_than_a_minute_ends_the_repeats(string seconds)
    {
        await using var world = await TestWorld.StartAsync(time: new ManualTime());
        world.Provider.Always(Reply.Status(429).RetryAfter(seconds));
        var (answer, waits) = await world.SendThroughWaitsAsync(world.Chat(Configs.Retry(3, ""","use_retry_after_header":true""")));
        Assert.Equal(429, answer.Status);
        Assert.Equal("-1", answer.Retries);
        Assert.Equal(seconds, answer.Header("Retry-After"));
        Assert.Empty(waits);
    }

    [Fact]
    public async Task All_waits_of_a_target_together_are_a_minute_at_most()
    {
        await using var world = await TestWorld.StartAsync(time: new ManualTime());
        world.Provider.Always(Reply.Status(429).RetryAfter("25"));
        var (answer, waits) = await world.SendThroughWaitsAsync(world.Chat(Configs.Retry(5, ""","use_retry_after_header":true""")));
        Assert.Equal([25_000, 25_000], waits);
        Assert.Equal("-1", answer.Retries);
    }

    [Fact]
    public async Task No_wait_when_no_repeat_is_left()
    {
        await using var world = await TestWorld.StartAsync(time: new ManualTime());
        world.Provider.Always(Reply.Status(429).RetryAfter("5"));
        var (_, waits) = await world.SendThroughWaitsAsync(world.Chat(Configs.Retry(1, ""","use_retry_after_header":true""")));
        Assert.Single(waits);
    }

    [Fact]
    public async Task Every_repeat_sends_the_same_body()
    {
        await using var world = await TestWorld.StartAsync(time: new ManualTime(), chance: () => 0);
        world.Provider.Enqueue(Reply.Reset(), Reply.Status(500), Reply.Json("""{"choices":[]}"""));
        await world.SendThroughWaitsAsync(world.Json("/v1/chat/completions", """{"model":"a","messages":[],"x":1}""", """{"provider":"p0","retry":{"attempts":3},"override_params":{"model":"b"},"timeouts":{"connect_ms":0}}"""));
        Assert.All(world.Provider.Requests, request => Assert.Equal("""{"model":"b","messages":[],"x":1}""", request.BodyText));
        Assert.Equal(3, world.Provider.Requests.Count);
    }

    [Fact]
    public async Task A_client_that_leaves_during_a_wait_ends_it()
    {
        await using var world = await TestWorld.StartAsync(time: new ManualTime(), chance: () => 0);
        world.Provider.Always(Reply.Status(500));
        using var leave = new CancellationTokenSource();
        var sending = world.Client.SendAsync(world.Chat(Configs.Retry(5)), leave.Token);
        await world.Time.ArmedAsync(TestWorld.IsWait).WaitAsync(Stop);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Single(world.Provider.Requests);
    }

    [Fact]
    public async Task A_kept_alive_connection_that_died_costs_no_attempt()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Enqueue(Reply.Json("""{"choices":[]}"""), Reply.CloseIdleConnectionOnReuse(), Reply.CloseIdleConnectionOnReuse());
        await world.SendAsync(world.Chat());
        var answer = await world.SendAsync(world.Chat());
        Assert.Equal(200, answer.Status);
        Assert.Equal("0", answer.Retries);
        Assert.Equal(3, world.Provider.Requests.Count);
        Assert.Equal(1, world.Provider.Requests[2].NumberOnConnection);
    }

    [Fact]
    public async Task A_fresh_connection_that_dies_is_a_failure()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.CloseWithoutAnswer());
        Assert.Equal(502, (await world.SendAsync(world.Chat())).Status);
        Assert.Single(world.Provider.Requests);
    }
}
