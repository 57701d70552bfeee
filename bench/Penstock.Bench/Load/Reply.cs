namespace Penstock.Bench.Load;

/// <summary>What came back for one request.</summary>
/// <param name="BodyBytes">Without the framing of chunked transfer.</param>
/// <param name="Events">Server-sent events; 0 for a document.</param>
/// <param name="IsDone">Whether a stream ended in its end mark. True for a document.</param>
/// <param name="FirstByteAt">Time stamp of the body's first byte.</param>
internal readonly record struct Reply(int Status, long BodyBytes, int Events, bool IsDone, long FirstByteAt)
{
    public bool IsLike(Reply expected) =>
        (Status, BodyBytes, Events, IsDone) == (expected.Status, expected.BodyBytes, expected.Events, expected.IsDone);

    public string Describe() => $"status {Status}, {BodyBytes} bytes, {Events} events, {(IsDone ? "complete" : "without its end mark")}";
}
