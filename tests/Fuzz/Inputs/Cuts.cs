using System.Collections.Immutable;

namespace Penstock.Fuzz.Tests.Inputs;

/// <summary>Where bytes are cut on their way, as a network would.</summary>
internal static class Cuts
{
    /// <summary>Cuts as numbers below a thousand, so that they fit any length: shrinking the bytes keeps them valid.</summary>
    public static ImmutableArray<int> Choose(Dice dice) => [.. Enumerable.Range(0, dice.Size(12)).Select(_ => dice.Below(1_000)).Order()];

    /// <summary>The worst cutting.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> EveryByte(byte[] bytes) => Enumerable.Range(0, bytes.Length).Select(i => (ReadOnlyMemory<byte>)bytes.AsMemory(i, 1));

    /// <summary>The pieces, in order; some are empty.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Apply(ReadOnlyMemory<byte> bytes, ImmutableArray<int> cuts)
    {
        var start = 0;
        foreach (var cut in cuts)
        {
            var end = (int)((long)bytes.Length * cut / 1_000);
            yield return bytes[start..end];
            start = end;
        }

        yield return bytes[start..];
    }
}
