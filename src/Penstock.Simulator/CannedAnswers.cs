namespace Penstock.Simulator;

/// <summary>
/// Answers made once and sent as they are, for benchmarks: nothing is checked or recorded, only the framing is read.
/// </summary>
/// <remarks>
/// Chosen by what stands in the first 512 bytes of the body: <c>"canned-burst"</c> streams all chunks in one write,
/// <c>"canned-paced"</c> one per <see cref="PaceMs"/>, <c>"canned-paced-N"</c> one every N ms (0: each in a write of its
/// own, without a pause; a large N leaves the stream idle after its first text). Else a path that ends in
/// <c>/embeddings</c> gets the large answer, any other a small chat completion.
/// </remarks>
public sealed record CannedAnswers
{
    public static CannedAnswers Standard { get; } = new();

    /// <summary>How many chunks with content a stream has.</summary>
    public int StreamChunks { get; init; } = 200;

    public int PaceMs { get; init; } = 10;

    /// <summary>How many vectors of 1,536 numbers the embeddings answer has; 32 make about 1 MB.</summary>
    public int EmbeddingVectors { get; init; } = 32;
}
