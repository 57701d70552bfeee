namespace Penstock.Bench.Load;

/// <summary>What came back for one request.</summary>
/// <param name="BodyBytes">Without the framing of chunked transfer.</param>
/// <param name="Events">Server-sent events; 0 for a document.</param>
/// <param name="IsDone">Whether a stream ended in its end mark. True for a document.</param>
/// <param name="FirstTokenAt">Time stamp of the first bytes that say something: of a stream, the first event with text; the one before it, which only names the role, is no use to a reader.</param>
internal readonly record struct Reply(int Status, long BodyBytes, int Events, bool IsDone, long FirstTokenAt)
{
    public bool IsLike(Reply expected) =>
        (Status, BodyBytes, Events, IsDone) == (expected.Status, expected.BodyBytes, expected.Events, expected.IsDone);

    public string Describe() => $"status {Status}, {BodyBytes} bytes, {Events} events, {(IsDone ? "complete" : "without its end mark")}";
}
