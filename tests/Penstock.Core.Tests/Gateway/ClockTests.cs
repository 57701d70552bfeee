using Penstock.Simulator;
using Penstock.Transport;

namespace Penstock.Core.Tests.Gateway;

/// <summary>The five clocks of an attempt, in virtual time.</summary>
public sealed class ClockTests
{
    private static CancellationToken Stop => Patience.Token;

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static async Task<TestWorld> StartAsync(Reply reply)
    {
        var world = await TestWorld.StartAsync(time: new ManualTime(), chance: () => 0, providers: 2);
        world.Provider.Always(reply);
        return world;
    }

    [Theory]
    [InlineData("""{"provider":"p0","request_timeout":1000}""", 1000)]
    [InlineData("""{"provider":"p0","timeouts":{"headers_ms":250}}""", 250)]
    [InlineData("""{"request_timeout":5000,"strategy":{"mode":"single"},"targets":[{"provider":"p0"}]}""", 5000)]
    [InlineData("""{"provider":"p0"}""", 600_000)]
    public async Task No_headers_in_time_is_a_408_that_names_the_limit(string config, int limit)
    {
        await using var world = await StartAsync(Reply.StallBeforeHeaders());
        var sending = world.SendAsync(world.Chat(config));
        var received = await world.Provider.NextRequestAsync(Stop);
        world.Time.Advance(Ms(limit - 1));
        Assert.False(sending.IsCompleted);
        world.Time.Advance(Ms(1));
        var answer = await sending;
        Assert.Equal(408, answer.Status);
        Assert.Equal($$$"""{"error":{"message":"p0 did not answer within {{{limit}}} ms (request_timeout).","type":"timeout_error","param":null,"code":null}}""", answer.Text);
        await received.Aborted.WaitAsync(Stop);
    }

    [Fact]
    public async Task The_header_beats_the_config()
    {
        await using var world = await StartAsync(Reply.StallBeforeHeaders());
        var request = world.Chat("""{"provider":"p0","request_timeout":99999}""");
        request.Headers.Add("x-portkey-request-timeout", "300");
        var sending = world.SendAsync(request);
        await world.Provider.NextRequestAsync(Stop);
        world.Time.Advance(Ms(300));
        Assert.Equal(408, (await sending).Status);
    }

    [Fact]
    public async Task The_files_clocks_hold_where_a_config_is_silent()
    {
        await using var world = await TestWorld.StartAsync(time: new ManualTime(), settings: new() { Clocks = Clocks.Unset with { HeadersMs = 700 } });
        world.Provider.Always(Reply.StallBeforeHeaders());
        var sending = world.SendAsync(world.Chat());
        await world.Provider.NextRequestAsync(Stop);
        world.Time.Advance(Ms(700));
        Assert.Equal(408, (await sending).Status);
    }

    [Fact]
    public async Task A_slow_body_is_not_the_headers_clocks_business()
    {
        var gate = new TaskCompletionSource();
        await using var world = await StartAsync(StreamTests.Story.HoldEventUntil(2, gate.Task));
        using var response = await world.OpenAsync(world.Chat("""{"provider":"p0","request_timeout":1000}""", stream: true));
        world.Time.Advance(Ms(200_000));
        gate.SetResult();
        Assert.Equal("one two three", (await Answer.ReadAsync(response)).StreamedText);
    }

    [Fact]
    public async Task No_first_token_in_time_falls_back()
    {
        await using var world = await StartAsync(StreamTests.Story.StallAfterEvents(1));
        world.Providers[1].Always(StreamTests.Story);
        var sending = world.SendAsync(world.Chat(Configs.Fallback(root: "\"timeouts\":{\"first_token_ms\":2000},"), stream: true));
        await world.Providers[0].NextRequestAsync(Stop);
        world.Time.Advance(Ms(2000));
        var answer = await sending;
        Assert.Equal("config.targets[1]", answer.Leaf);
        Assert.Equal("one two three", answer.StreamedText);
    }

    [Fact]
    public async Task No_first_token_in_time_on_the_only_attempt_ends_the_stream_in_an_error()
    {
        await using var world = await StartAsync(StreamTests.Story.StallAfterEvents(1));
        using var response = await world.OpenAsync(world.Chat("""{"provider":"p0","timeouts":{"first_token_ms":2000}}""", stream: true));
        world.Time.Advance(Ms(2000));
        var answer = await Answer.ReadAsync(response);
        Assert.Contains("first_token_ms", answer.Events[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_in_a_stream_ends_it_in_an_error()
    {
        await using var world = await StartAsync(StreamTests.Story.StallAfterEvents(3));
        using var response = await world.OpenAsync(world.Chat("""{"provider":"p0","timeouts":{"idle_ms":5000}}""", stream: true));
        await using var body = await response.Content.ReadAsStreamAsync(Stop);
        using var reader = new StreamReader(body);
        while (await reader.ReadLineAsync(Stop) is { } line && !line.Contains("two", StringComparison.Ordinal))
        {
        }

        var received = await world.Provider.NextRequestAsync(Stop);
        world.Time.Advance(Ms(5000));
        var rest = await reader.ReadToEndAsync(Stop);
        Assert.Contains("idle_ms", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", rest, StringComparison.Ordinal);
        await received.Aborted.WaitAsync(Stop);
    }

    [Fact]
    public async Task A_ping_counts_as_activity()
    {
        var pings = Enumerable.Range(0, 3).Select(_ => new TaskCompletionSource()).ToArray();
        var story = StreamTests.Story.WithEventAt(2, new SseEvent(null, Comment: " ping")).WithEventAt(3, new SseEvent(null, Comment: " ping"));
        for (var i = 0; i < 3; i++) story = story.HoldEventUntil(2 + i, pings[i].Task);
        await using var world = await StartAsync(story);
        using var response = await world.OpenAsync(world.Chat("""{"provider":"p0","timeouts":{"idle_ms":5000}}""", stream: true));
        await using var body = await response.Content.ReadAsStreamAsync(Stop);
        using var reader = new StreamReader(body);
        var seen = 0;
        while (await reader.ReadLineAsync(Stop) is { } line)
        {
            if (!line.Contains("ping", StringComparison.Ordinal) && !line.Contains("one", StringComparison.Ordinal)) continue;
            world.Time.Advance(Ms(4900));
            pings[seen++].SetResult();
            if (seen == 3) break;
        }

        Assert.EndsWith("[DONE]", (await reader.ReadToEndAsync(Stop)).TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_total_clock_ends_a_stream_however_busy_it_is()
    {
        await using var world = await StartAsync(StreamTests.Story.StallAfterEvents(3));
        using var response = await world.OpenAsync(world.Chat("""{"provider":"p0","timeouts":{"total_ms":8000}}""", stream: true));
        world.Time.Advance(Ms(8000));
        Assert.Contains("total_ms", (await Answer.ReadAsync(response)).Events[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_timeout_is_repeated_only_where_408_is_listed()
    {
        await using var world = await StartAsync(Reply.StallBeforeHeaders());
        var sending = world.SendAsync(world.Chat("""{"provider":"p0","request_timeout":100,"retry":{"attempts":2}}"""));
        await world.Provider.NextRequestAsync(Stop);
        world.Time.Advance(Ms(100));
        var answer = await sending;
        Assert.Equal((408, "0"), (answer.Status, answer.Retries));

        world.Provider.Enqueue(Reply.StallBeforeHeaders(), Reply.Json("""{"choices":[]}"""));
        sending = world.SendAsync(world.Chat("""{"provider":"p0","request_timeout":600000,"timeouts":{"connect_ms":0},"retry":{"attempts":2,"on_status_codes":[408]}}"""));
        await world.Provider.NextRequestAsync(Stop);
        world.Time.Advance(Ms(600_000));
        await world.Time.ArmedAsync(due => due <= Ms(1000)).WaitAsync(Stop);
        world.Time.Advance(Ms(500));
        answer = await sending;
        Assert.Equal((200, "1"), (answer.Status, answer.Retries));
    }

    [Fact]
    public async Task A_clock_of_zero_is_off()
    {
        await using var world = await StartAsync(Reply.StallBeforeHeaders());
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var sending = world.Client.SendAsync(world.Chat("""{"provider":"p0","timeouts":{"headers_ms":0,"idle_ms":0,"connect_ms":0}}"""), leave.Token);
        await world.Provider.NextRequestAsync(Stop);
        world.Time.Advance(TimeSpan.FromDays(1));
        Assert.False(sending.IsCompleted);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }
}
