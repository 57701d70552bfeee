using System.Text;
using Penstock.Simulator;

namespace Penstock.Core.Tests.Gateway;

/// <summary>Events larger than what waits for its end: an image in a chunk. They pass in pieces; what follows must not suffer.</summary>
public sealed class GiantEventTests
{
    private const string Finish = """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    private static readonly string Giant = Chunk(new string('x', 300_000));

    private static CancellationToken Stop => Patience.Token;

    private static string Chunk(string text) => $$"""{"choices":[{"index":0,"delta":{"content":"{{text}}"},"finish_reason":null}]}""";

    private static ReadOnlyMemory<byte> Events(params string[] data) => Encoding.UTF8.GetBytes(string.Concat(data.Select(line => $"data: {line}\n\n")));

    [Fact]
    public async Task Its_end_arrives_before_more_is_sent()
    {
        await using var world = await TestWorld.StartAsync();
        var gate = new TaskCompletionSource();
        var giants = Enumerable.Repeat(Giant[..80_000] + Giant[^10_000..], 8);
        world.Provider.Always(Reply.Sse([.. giants, Finish]).WrittenInBlocks(80_000).HoldEventUntil(8, gate.Task));
        using var response = await world.OpenAsync(world.Chat(stream: true));
        await using var body = await response.Content.ReadAsStreamAsync(Stop);
        var expected = Events([.. giants]);
        var buffer = new byte[expected.Length];
        await body.ReadExactlyAsync(buffer, Stop);
        Assert.True(expected.Span.SequenceEqual(buffer));
        gate.SetResult();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_stream_that_ends_right_behind_it_is_whole(int providers)
    {
        await using var world = await TestWorld.StartAsync(providers);
        world.Provider.Always(Reply.SseRaw(Events(Chunk("a"), Giant, Finish, "[DONE]")));
        var answer = await world.SendAsync(world.Chat(providers > 1 ? Configs.Fallback(providers) : null, stream: true));
        Assert.Equal([Chunk("a"), Giant, Finish, "[DONE]"], answer.Events);
    }

    [Fact]
    public async Task A_giant_comment_hides_nothing()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.SseRaw(Encoding.UTF8.GetBytes($": {new string('p', 200_000)}\n\n"), Events(Chunk("a"), Finish)));
        var answer = await world.SendAsync(world.Chat(stream: true));
        Assert.Equal([Chunk("a"), Finish, "[DONE]"], answer.Events);
    }

    [Fact]
    public async Task One_that_breaks_off_ends_in_an_error_event()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.SseRaw(Events(Chunk("a"), Giant)).CloseAfterBytes(150_000));
        var answer = await world.SendAsync(world.Chat(stream: true));
        Assert.StartsWith("""{"error":""", answer.Events[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", answer.Text, StringComparison.Ordinal);
    }
}
