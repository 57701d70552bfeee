using System.Collections.Immutable;
using Penstock.Json;

namespace Penstock.Fuzz.Tests.References;

/// <summary>A stream as the gateway gets it: piece after piece, whole events passed on and the rest kept.</summary>
internal static class Arrivals
{
    /// <param name="onWholeEvents">Called for every piece that <see cref="SseFramer"/> found to be whole.</param>
    public static void Feed(byte[] stream, ImmutableArray<int> cuts, Action<byte[]> onWholeEvents)
    {
        var framer = new SseFramer();
        byte[] held = [];
        foreach (var piece in Cuts.Apply(stream, cuts))
        {
            held = [.. held, .. piece.Span];
            var whole = framer.Complete(held);
            Assert.InRange(whole, 0, held.Length);
            if (whole == 0) continue;
            onWholeEvents(held[..whole]);
            held = held[whole..];
        }
    }
}
