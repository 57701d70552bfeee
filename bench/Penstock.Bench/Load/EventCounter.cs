namespace Penstock.Bench.Load;

/// <summary>Counts the server-sent events of a body that comes in pieces, and sees whether it ends in <c>[DONE]</c>.</summary>
internal struct EventCounter
{
    private const int TailBytes = 14;

    private Tail _tail;
    private int _tailLength;
    private bool _endsInNewline;

    public int Events { get; private set; }

    public readonly bool IsDone
    {
        get
        {
            ReadOnlySpan<byte> tail = _tail;
            return tail[..Math.Min(_tailLength, TailBytes)].SequenceEqual("data: [DONE]\n\n"u8);
        }
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Remember(bytes);
        if (_endsInNewline && bytes[0] == '\n')
        {
            Events++;
            bytes = bytes[1..];
        }

        Events += bytes.Count("\n\n"u8);
        var newlines = bytes.Length - bytes.TrimEnd((byte)'\n').Length;
        _endsInNewline = newlines % 2 == 1;
    }

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        Span<byte> tail = _tail;
        if (bytes.Length >= TailBytes)
        {
            bytes[^TailBytes..].CopyTo(tail);
            _tailLength = TailBytes;
            return;
        }

        var keep = Math.Min(_tailLength, TailBytes - bytes.Length);
        tail[(_tailLength - keep).._tailLength].CopyTo(tail);
        bytes.CopyTo(tail[keep..]);
        _tailLength = keep + bytes.Length;
    }

    [System.Runtime.CompilerServices.InlineArray(TailBytes)]
    private struct Tail
    {
        private byte _first;
    }
}
