using System.Collections.Immutable;

namespace Penstock.Fuzz.Tests.Inputs;

/// <summary>A stream, and where it is cut on its way.</summary>
internal sealed record CutStream(byte[] Stream, ImmutableArray<int> Cuts)
{
    public static IEnumerable<CutStream> Smaller(CutStream one) =>
    Shrink.Each(
        Shrink.List(one.Cuts).Select(cuts => one with { Cuts = cuts }),
        Shrink.Bytes(one.Stream).Select(stream => one with { Stream = stream }));

    public override string ToString() => string.Join(" | ", Inputs.Cuts.Apply(Stream, Cuts).Select(piece => Show.Bytes(piece.Span)));
}
