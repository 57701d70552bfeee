namespace Penstock.Dialects;

/// <summary>
/// Looks at a stream of events as it passes, so that the gateway knows when it may no longer try another target and
/// whether the stream came to its proper end. Never changes, delays or breaks what passes.
/// </summary>
internal abstract class StreamWatcher
{
    /// <summary>Whether the client got something that another attempt would repeat.</summary>
    public bool HasContent { get; protected set; }

    /// <summary>Whether the stream may end here and be whole.</summary>
    public bool IsComplete { get; protected set; }

    /// <summary>Whether the sender's own end mark was seen.</summary>
    public bool HasEndMark { get; protected set; }

    /// <summary>The data of the first error event; null without one.</summary>
    public byte[]? Error { get; protected set; }

    /// <param name="wholeEvents">What <see cref="Json.SseFramer"/> found to be whole. Malformed data is passed over.</param>
    public abstract void OnEvents(ReadOnlySpan<byte> wholeEvents);
}
