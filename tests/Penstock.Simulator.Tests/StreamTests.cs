using System.Text;

namespace Penstock.Simulator.Tests;

public sealed class StreamTests : SimulatorTest
{
    private static readonly SseReply TwoEvents = Reply.Sse("""{"a":1}""", "line one\nline two");

    [Fact]
    public async Task Writes_events_as_the_standard_wants()
    {
        Assert.Equal("data: {\"a\":1}\n\ndata: line one\ndata: line two\n\ndata: [DONE]\n\n", await BodyAsync(TwoEvents));
        Assert.Equal("data: {\"a\":1}\r\n\r\ndata: line one\r\ndata: line two\r\n\r\ndata: [DONE]\r\n\r\n", await BodyAsync(TwoEvents.WithLineEnd("\r\n")));
        Assert.Equal(": ping\r\rdata: x\r\r", await BodyAsync(Reply.Sse("x").WithComments().WithLineEnd("\r").WithoutDone()));
        Assert.Equal("data: x\n\ndata: [DONE]", await BodyAsync(Reply.Sse("x").WithoutFinalBlankLine()));
    }

    [Theory]
    [InlineData(SseWrites.Event, 3)]
    [InlineData(SseWrites.Line, 7)]
    [InlineData(SseWrites.Burst, 1)]
    [InlineData(SseWrites.Byte, 60)]
    public async Task Cuts_a_stream_where_it_is_told(SseWrites writes, int expected)
    {
        var chunks = await ChunksAsync(TwoEvents.WrittenBy(writes));

        Assert.Equal(expected, chunks.Count);
        Assert.Equal(await BodyAsync(TwoEvents), string.Concat(chunks));
    }

    [Fact]
    public async Task Cuts_a_stream_in_blocks_across_events()
    {
        var chunks = await ChunksAsync(TwoEvents.WrittenInBlocks(25));

        Assert.Equal([25, 25, 10], chunks.Select(static chunk => chunk.Length));
        Assert.Equal(await BodyAsync(TwoEvents), string.Concat(chunks));
    }

    [Fact]
    public async Task Sends_raw_blocks_as_they_are()
    {
        var chunks = await ChunksAsync(Reply.SseRaw("da"u8.ToArray(), "ta: x\r"u8.ToArray(), "\n\r\n"u8.ToArray()));

        Assert.Equal(["da", "ta: x\r", "\n\r\n"], chunks);
    }

    [Fact]
    public async Task Holds_an_event_until_its_gate_opens()
    {
        var gate = new TaskCompletionSource();
        Provider.Enqueue(Reply.Sse("1", "2", "3").WrittenBy(SseWrites.Burst).HoldEventUntil(2, gate.Task));
        using var client = await RawClient.ConnectAsync(Provider.Port);
        await client.SendAsync(RawClient.Request(Provider.Port, "{}"));
        Assert.DoesNotContain("data: 3", await client.ReadUntilAsync("data: 2"), StringComparison.Ordinal);

        gate.SetResult();

        await client.ReadUntilAsync("[DONE]");
    }

    [Theory]
    [InlineData("empty-stream", "")]
    [InlineData("done-only", "[DONE]")]
    [InlineData("no-done", "RCCCCF")]
    [InlineData("no-finish", "RCCCC[DONE]")]
    [InlineData("no-end", "RCCCC")]
    [InlineData("end-after-2", "RC")]
    [InlineData("error-first", "E")]
    [InlineData("error-after-3", "RCCE")]
    [InlineData("malformed-event", "RC?CCCF[DONE]")]
    [InlineData("malformed-after-0", "?RCCCCF[DONE]")]
    [InlineData("burst", "RCCCCF[DONE]")]
    [InlineData("every-line", "RCCCCF[DONE]")]
    public async Task Streams_what_the_model_asks_for(string model, string expected)
    {
        var events = await Http.PostForEventsAsync(Client.Chat(model, stream: true));

        Assert.Equal(expected, string.Concat(events.Select(static data => data switch
        {
            "[DONE]" => data,
            _ when data.StartsWith("""{"error":""", StringComparison.Ordinal) => "E",
            _ when data.Contains("\"role\"", StringComparison.Ordinal) => "R",
            _ when data.Contains("\"content\"", StringComparison.Ordinal) => "C",
            _ when data.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal) => "F",
            _ => "?",
        })));
    }

    [Theory]
    [InlineData("crlf", "\r\n\r\ndata: [DONE]\r\n\r\n")]
    [InlineData("cr", "\r\rdata: [DONE]\r\r")]
    [InlineData("no-blank-line", "\n\ndata: [DONE]")]
    public async Task Ends_lines_as_the_model_asks(string model, string end)
    {
        using var response = await Http.PostAsync(Client.Chat(model, stream: true));

        Assert.EndsWith(end, await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_a_client_of_the_old_protocol_a_body_that_ends_with_the_connection()
    {
        Provider.Enqueue(Reply.Sse("x"));
        using var client = await RawClient.ConnectAsync(Provider.Port);
        await client.SendAsync($"GET /v1/models HTTP/1.0\r\nHost: 127.0.0.1:{Provider.Port}\r\n\r\n");

        var answer = await client.ReadToEndAsync();
        Assert.DoesNotContain("transfer-encoding", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\ndata: x\n\ndata: [DONE]\n\n", answer, StringComparison.Ordinal);
    }

    private async Task<string> BodyAsync(Reply reply)
    {
        Provider.Enqueue(reply);
        using var response = await Http.PostAsync("{}");
        return await response.Content.ReadAsStringAsync(Stop);
    }

    /// <summary>The chunks of the transfer coding: each is one write of the simulator.</summary>
    private async Task<List<string>> ChunksAsync(Reply reply)
    {
        Provider.Enqueue(reply.ClosingConnection());
        using var client = await RawClient.ConnectAsync(Provider.Port);
        await client.SendAsync(RawClient.Request(Provider.Port, "{}"));
        var rest = (await client.ReadToEndAsync()).Split("\r\n\r\n", 2)[1];
        var chunks = new List<string>();
        while (true)
        {
            var lineEnd = rest.IndexOf("\r\n", StringComparison.Ordinal);
            var length = Convert.ToInt32(rest[..lineEnd], 16);
            if (length == 0) return chunks;
            chunks.Add(Encoding.Latin1.GetString(Encoding.Latin1.GetBytes(rest), lineEnd + 2, length));
            rest = rest[(lineEnd + 2 + length + 2)..];
        }
    }
}
