using System.Text;
using Penstock.Dialects;
using Penstock.Dialects.OpenAi;
using Penstock.Fuzz.Tests.References;

namespace Penstock.Fuzz.Tests.Dialects;

/// <summary>What a watcher knows at the end of a stream does not depend on how the stream was cut.</summary>
public sealed class StreamWatcherFuzz
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public Task A_chat_watcher_knows_what_a_reader_of_every_event_knows(int choices) =>
        new FuzzTarget<CutStream>(ChatStreams.Any, one => CheckChat(one, choices), CutStream.Smaller, one => one.ToString(), 2_000).RunAsync();

    [Fact]
    public Task A_plain_watcher_knows_the_first_event() =>
        new FuzzTarget<CutStream>(ChatStreams.Any, CheckPlain, CutStream.Smaller, one => one.ToString(), 2_000).RunAsync();

    private static void CheckChat(CutStream one, int choices)
    {
        if (HasMarkInside(one.Stream)) return;
        var reference = new ReferenceChatWatcher(choices);
        foreach (var (name, data) in ReferenceEvents.Read(one.Stream)) reference.OnEvent(name, data);
        var expected = (reference.HasContent, reference.IsComplete, reference.HasEndMark, reference.Error);
        foreach (var pieces in (IEnumerable<ReadOnlyMemory<byte>>[])[Cuts.Apply(one.Stream, one.Cuts), [one.Stream], Cuts.EveryByte(one.Stream)])
        {
            var watcher = new ChatStreamWatcher(choices);
            Arrivals.Feed(pieces, whole => watcher.OnEvents(whole));
            Assert.Equal(expected, Known(watcher));
        }
    }

    private static void CheckPlain(CutStream one)
    {
        var whole = new PlainStreamWatcher();
        Arrivals.Feed([one.Stream], events => whole.OnEvents(events));
        var cut = new PlainStreamWatcher();
        Arrivals.Feed(Cuts.Apply(one.Stream, one.Cuts), events => cut.OnEvents(events));
        if (HasMarkInside(one.Stream)) return;
        Assert.Equal(Known(whole), Known(cut));
        Assert.Equal(ReferenceEvents.Read(one.Stream).Count > 0, whole.HasContent || whole.Error is not null);
        Assert.False(whole.HasContent && whole.Error is not null);
    }

    private static (bool HasContent, bool IsComplete, bool HasEndMark, string? Error) Known(StreamWatcher watcher) =>
        (watcher.HasContent, watcher.IsComplete, watcher.HasEndMark, watcher.Error is { } error ? Encoding.Latin1.GetString(error) : null);

    /// <summary>A byte order mark is legal at the start alone; of one elsewhere we need not make anything sensible.</summary>
    private static bool HasMarkInside(byte[] stream) => stream.Length > 1 && stream.AsSpan(1).IndexOf("\uFEFF"u8) >= 0;
}
