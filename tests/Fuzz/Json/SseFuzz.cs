using System.Text;
using Penstock.Fuzz.Tests.References;
using Penstock.Json;

namespace Penstock.Fuzz.Tests.Json;

/// <summary>However a stream is cut on its way, its events are those that a plain reader of the whole finds.</summary>
public sealed class SseFuzz
{
    [Fact]
    public Task Any_cutting_gives_the_events_of_the_whole() => new FuzzTarget<CutStream>(Create, Check, CutStream.Smaller, one => one.ToString(), 3_000).RunAsync();

    private static CutStream Create(Dice dice) => new(Mutator.MayDamage(dice, SseGrammar.Stream(dice), oneIn: 3), Cuts.Choose(dice));

    private static void Check(CutStream one)
    {
        // A byte order mark is only legal at the start, and elsewhere we need not know it.
        if (!IsSafeMark(one.Stream)) return;
        var expected = ReferenceEvents.Read(one.Stream);
        Assert.Equal(expected, Read(Cuts.Apply(one.Stream, one.Cuts)));
        Assert.Equal(expected, Read([one.Stream]));
        Assert.Equal(expected, Read(Cuts.EveryByte(one.Stream)));
    }

    /// <summary>Within a line it is text like any other.</summary>
    private static bool IsSafeMark(byte[] stream)
    {
        for (var i = 1; i + 2 < stream.Length; i++)
        {
            if (stream.AsSpan(i).StartsWith("\uFEFF"u8) && stream[i - 1] is (byte)'\r' or (byte)'\n') return false;
        }

        return true;
    }

    private static List<(string, string)> Read(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        var events = new List<(string, string)>();
        Arrivals.Feed(pieces, whole =>
        {
            foreach (var @event in new SseEvents(whole)) events.Add((Encoding.Latin1.GetString(@event.Name), Encoding.Latin1.GetString(@event.Data)));
        });
        return events;
    }
}
