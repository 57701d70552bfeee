using System.Text;
using Penstock.Simulator;

namespace Penstock.Core.Tests.Gateway;

/// <summary>Streams: what passes, when it passes, how they end.</summary>
public sealed class StreamTests
{
    private const string Role = """{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""";
    private const string Finish = """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    private static CancellationToken Stop => Patience.Token;

    private static string Chunk(string text) => $$"""{"choices":[{"index":0,"delta":{"content":"{{text}}"},"finish_reason":null}]}""";

    public static SseReply Story => Reply.Sse(Role, Chunk("one "), Chunk("two "), Chunk("three"), Finish);

    [Theory]
    [InlineData(SseWrites.Event)]
    [InlineData(SseWrites.Line)]
    [InlineData(SseWrites.Byte)]
    [InlineData(SseWrites.Burst)]
    public async Task A_stream_passes_byte_for_byte_however_it_is_cut(SseWrites writes)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Story.WithComments().WrittenBy(writes));
        var answer = await world.SendAsync(world.Chat(stream: true));
        Assert.Equal(200, answer.Status);
        Assert.StartsWith("text/event-stream", answer.Message.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        Assert.Equal("one two three", answer.StreamedText);
        Assert.Equal([Role, Chunk("one "), Chunk("two "), Chunk("three"), Finish, "[DONE]"], answer.Events);
        Assert.Contains(": ping", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Any_line_end_passes(string lineEnd)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Story.WithLineEnd(lineEnd).WrittenInBlocks(7));
        var answer = await world.SendAsync(world.Chat(stream: true));
        Assert.Equal("one two three", answer.StreamedText);
        Assert.Equal("[DONE]", answer.Events[^1]);
        Assert.DoesNotContain("error", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_the_only_attempt_headers_and_events_go_at_once()
    {
        await using var world = await TestWorld.StartAsync();
        var gate = new TaskCompletionSource();
        world.Provider.Always(Story.HoldEventUntil(0, gate.Task));
        using var response = await world.OpenAsync(world.Chat(stream: true));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("no", string.Join("", response.Headers.GetValues("X-Accel-Buffering")));
        gate.SetResult();
        Assert.Equal("one two three", (await Answer.ReadAsync(response)).StreamedText);
    }

    [Fact]
    public async Task While_another_attempt_is_possible_headers_wait_for_content()
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        var gate = new TaskCompletionSource();
        world.Providers[0].Always(Story.HoldEventUntil(1, gate.Task));
        var opening = world.OpenAsync(world.Chat(Configs.Fallback(), stream: true));
        var received = await world.Providers[0].NextRequestAsync(Stop);

        // The role alone is no content. It is on its way; the answer is not.
        var stop = Stop;
        while (received.BytesWritten < Role.Length)
        {
            stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.False(opening.IsCompleted);

        gate.SetResult();
        using var response = await opening;
        Assert.Equal([Role, Chunk("one "), Chunk("two "), Chunk("three"), Finish, "[DONE]"], (await Answer.ReadAsync(response)).Events);
    }

    [Fact]
    public async Task An_event_arrives_before_the_next_one_is_sent()
    {
        await using var world = await TestWorld.StartAsync();
        var gate = new TaskCompletionSource();
        world.Provider.Always(Story.HoldEventUntil(2, gate.Task));
        using var response = await world.OpenAsync(world.Chat(stream: true));
        await using var body = await response.Content.ReadAsStreamAsync(Stop);
        var expected = $"data: {Role}\n\ndata: {Chunk("one ")}\n\n";
        var buffer = new byte[expected.Length];
        await body.ReadExactlyAsync(buffer, Stop);
        Assert.Equal(expected, Encoding.UTF8.GetString(buffer));
        gate.SetResult();
    }

    public static TheoryData<string, Reply> EarlyFailures => new()
    {
        { "error status", Reply.Status(529) },
        { "reset", Reply.Reset() },
        { "reset before the first event", Story.ResetAfterEvents(0) },
        { "cut before content", Story.CloseAfterEvents(1) },
        { "reset before content", Story.ResetAfterEvents(1) },
        { "empty stream", Story.EndAfterEvents(0) },
        { "end mark alone", Reply.Sse() },
        { "role and end", Story.EndAfterEvents(1) },
        { "error event first", Story.WithErrorAt(0).EndAfterEvents(1) },
        { "error event after the role", Story.WithErrorAt(1).EndAfterEvents(2) },
        { "error event by name", Reply.SseRaw("event: error\ndata: {\"message\":\"overloaded\"}\n\n"u8.ToArray()) },
        { "truncated gzip", Story.Encoded("gzip", isTruncated: true) },
        { "a page", Reply.Html(200) },
    };

    [Theory]
    [MemberData(nameof(EarlyFailures))]
    public async Task A_stream_that_fails_before_content_falls_back(string what, Reply failure)
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Providers[0].Always(failure);
        world.Providers[1].Always(Story);
        var answer = await world.SendAsync(world.Chat(Configs.Fallback(), stream: true));
        Assert.True(answer.Status == 200, $"{what}: {answer.Status} {answer.Text}");
        Assert.Equal("config.targets[1]", answer.Leaf);
        Assert.Equal([Role, Chunk("one "), Chunk("two "), Chunk("three"), Finish, "[DONE]"], answer.Events);
    }

    [Theory]
    [MemberData(nameof(EarlyFailures))]
    public async Task A_stream_that_fails_before_content_is_repeated(string what, Reply failure)
    {
        await using var world = await TestWorld.StartAsync(time: new ManualTime());
        world.Provider.Enqueue(failure, Story);
        var (answer, _) = await world.SendThroughWaitsAsync(world.Chat(Configs.Retry(1, ""","on_status_codes":[502,503,529]"""), stream: true));
        Assert.True(answer.Status == 200, $"{what}: {answer.Status} {answer.Text}");
        Assert.Equal("1", answer.Retries);
        Assert.Equal("one two three", answer.StreamedText);
    }

    [Fact]
    public async Task The_error_event_of_a_last_held_attempt_is_an_error_with_its_status()
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Providers[0].Always(Reply.Sse("""{"error":{"message":"Overloaded","type":"overloaded_error","code":529}}"""));
        var answer = await world.SendAsync(world.Chat(Configs.Fallback(strategy: ""","on_status_codes":[400]"""), stream: true));
        Assert.Equal(529, answer.Status);
        Assert.Equal("p0 error: Overloaded", answer.ErrorMessage);
        Assert.Empty(world.Providers[1].Requests);
    }

    public static TheoryData<string, Reply> Breaks => new()
    {
        { "cut", Story.CloseAfterEvents(3) },
        { "reset", Story.ResetAfterEvents(3) },
        { "cut within an event", Story.CloseAfterBytes(200) },
        { "clean end without an end mark or a finish reason", Story.EndAfterEvents(3) },
        { "nothing at all", Story.EndAfterEvents(0) },
        { "truncated gzip", Reply.Sse(Role, Chunk(new string('a', 100)), Chunk("b"), Finish).Encoded("gzip", isTruncated: true) },
    };

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task A_stream_that_breaks_ends_in_an_error_event_and_not_as_if_it_were_whole(string what, Reply reply)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(reply);
        var answer = await world.SendAsync(world.Chat(stream: true));
        Assert.Equal(200, answer.Status);
        Assert.True(answer.Events.Count > 0, what);
        Assert.DoesNotContain("[DONE]", answer.Text, StringComparison.Ordinal);
        using var last = System.Text.Json.JsonDocument.Parse(answer.Events[^1]);
        Assert.StartsWith("p0 error: ", last.RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("p0", last.RootElement.GetProperty("provider").GetString());
        Assert.All(answer.Events.SkipLast(1), data => System.Text.Json.JsonDocument.Parse(data).Dispose());
    }

    [Fact]
    public async Task A_stream_may_break_at_every_byte_and_only_whole_events_pass()
    {
        await using var world = await TestWorld.StartAsync();
        var whole = Encoding.UTF8.GetBytes($"data: {Role}\n\ndata: {Chunk("é")}\n\ndata: {Finish}\n\ndata: [DONE]\n\n");
        var complete = Encoding.UTF8.GetByteCount($"data: {Role}\n\ndata: {Chunk("é")}\n\ndata: {Finish}\n\n");
        for (var length = 0; length < whole.Length; length++)
        {
            world.Provider.Always(Reply.SseRaw(whole).CloseAfterBytes(length));
            var answer = await world.SendAsync(world.Chat(stream: true));
            if (length >= complete)
            {
                Assert.Equal("[DONE]", answer.Events[^1]);
                continue;
            }

            Assert.DoesNotContain("[DONE]", answer.Text, StringComparison.Ordinal);
            Assert.Contains("\"error\"", answer.Events[^1], StringComparison.Ordinal);
            Assert.All(answer.Events, data => System.Text.Json.JsonDocument.Parse(data).Dispose());
        }
    }

    [Fact]
    public async Task A_finish_reason_without_an_end_mark_is_an_end_and_gets_one()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Story.WithoutDone());
        var answer = await world.SendAsync(world.Chat(stream: true));
        Assert.Equal([Finish, "[DONE]"], answer.Events.TakeLast(2));
    }

    [Fact]
    public async Task Every_choice_must_finish()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Story.WithoutDone());
        var answer = await world.SendAsync(world.Chat(stream: true, more: ""","n":2"""));
        Assert.DoesNotContain("[DONE]", answer.Text, StringComparison.Ordinal);
        Assert.Contains("\"error\"", answer.Events[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_end_mark_without_its_blank_line_counts()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Story.WithoutFinalBlankLine());
        var answer = await world.SendAsync(world.Chat(stream: true));
        Assert.Equal("[DONE]", answer.Events[^1]);
        Assert.DoesNotContain("\"error\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_event_in_the_middle_passes_and_nothing_is_added()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Story.WithErrorAt(2).EndAfterEvents(3));
        var answer = await world.SendAsync(world.Chat(stream: true));
        Assert.Equal(3, answer.Events.Count);
        Assert.Contains("server_error", answer.Events[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_event_passes_as_it_is()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Story.WithMalformedAt(2));
        var answer = await world.SendAsync(world.Chat(stream: true));
        Assert.Equal(7, answer.Events.Count);
        Assert.Equal("[DONE]", answer.Events[^1]);
    }

    [Fact]
    public async Task An_event_larger_than_the_tail_passes_in_pieces()
    {
        await using var world = await TestWorld.StartAsync();
        var large = Chunk(new string('x', 300_000));
        world.Provider.Always(Reply.Sse(Role, large, Finish).WrittenInBlocks(10_000));
        var answer = await world.SendAsync(world.Chat(stream: true));
        Assert.Equal([Role, large, Finish, "[DONE]"], answer.Events);
    }

    [Fact]
    public async Task A_large_event_that_breaks_off_is_ended_before_the_error_begins()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Sse(Role, Chunk(new string('x', 300_000)), Finish).WrittenInBlocks(10_000).CloseAfterBytes(200_000));
        var answer = await world.SendAsync(world.Chat(stream: true));
        Assert.Contains("\"error\"", answer.Events[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_cancels_the_call_at_once()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Story.StallAfterEvents(2));
        var response = await world.OpenAsync(world.Chat(stream: true));
        var received = await world.Provider.NextRequestAsync(Stop);
        response.Dispose();
        await received.Aborted.WaitAsync(Stop);
    }

    [Fact]
    public async Task A_client_that_leaves_before_the_headers_cancels_the_call_at_once()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.StallBeforeHeaders());
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var sending = world.Client.SendAsync(world.Chat(stream: true), leave.Token);
        var received = await world.Provider.NextRequestAsync(Stop);
        await leave.CancelAsync();
        await received.Aborted.WaitAsync(Stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task Streams_of_other_operations_pass_too()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.SseRaw("event: response.created\ndata: {\"type\":\"response.created\"}\n\nevent: response.completed\ndata: {\"type\":\"response.completed\"}\n\n"u8.ToArray()));
        var answer = await world.SendAsync(world.Json("/v1/responses", """{"model":"m","input":"x","stream":true}"""));
        Assert.Equal(2, answer.Events.Count);
        Assert.DoesNotContain("[DONE]", answer.Text, StringComparison.Ordinal);
    }
}
