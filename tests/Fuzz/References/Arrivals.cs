using System.Runtime.InteropServices;
using Penstock.Json;

namespace Penstock.Fuzz.Tests.References;

/// <summary>A stream as the gateway gets it: piece after piece, whole events passed on and the rest kept.</summary>
internal static class Arrivals
{
    /// <param name="onWholeEvents">Called for every piece that <see cref="SseFramer"/> found to be whole.</param>
    public static void Feed(IEnumerable<ReadOnlyMemory<byte>> pieces, Action<byte[]> onWholeEvents)
    {
        var framer = new SseFramer();
        var held = new List<byte>();
        foreach (var piece in pieces)
        {
            held.AddRange(piece.Span);
            var bytes = CollectionsMarshal.AsSpan(held);
            var whole = framer.Complete(bytes);
            Assert.True(whole >= 0 && whole <= bytes.Length);
            if (whole == 0) continue;
            onWholeEvents(bytes[..whole].ToArray());
            held.RemoveRange(0, whole);
        }
    }
}
