
namespace Penstock.Json;

/// <summary>One event. Both spans live until the next one is read.</summary>
/// <param name="name">What its <c>event</c> line says; empty without one.</param>
/// <param name="data">Its data lines, joined by LF.</param>
internal readonly ref struct SseEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
{
    public ReadOnlySpan<byte> Name { get; } = name;

    public ReadOnlySpan<byte> Data { get; } = data;
}

/// <summary>
/// Reads events out of bytes that <see cref="SseFramer"/> found whole. Comments, <c>id</c> and <c>retry</c> are passed
/// over, an event without data is none. Use it in a <c>foreach</c>, which gives its buffer back.
/// </summary>
/// <remarks>Source: HTML Living Standard, section 9.2.6 (interpreting an event stream).</remarks>
internal ref struct SseEvents(ReadOnlySpan<byte> wholeEvents)
{
    // A byte order mark is only legal at the start of a stream. Elsewhere no sender writes one, so that we need not know.
    private ReadOnlySpan<byte> _rest = wholeEvents.StartsWith("\uFEFF"u8) ? wholeEvents[3..] : wholeEvents;
    private byte[]? _joined;
    private int _joinedLength;

    public SseEvent Current { get; private set; }

    public readonly SseEvents GetEnumerator() => this;

    public bool MoveNext()
    {
        ReadOnlySpan<byte> name = default;
        ReadOnlySpan<byte> data = default;
        var lines = 0;
        while (TryReadLine(out var line))
        {
            if (line.IsEmpty)
            {
                if (lines > 0)
                {
                    Current = new SseEvent(name, lines == 1 ? data : _joined.AsSpan(0, _joinedLength));
                    return true;
                }

                name = default;
            }
            else if (IsField(line, "data"u8, out var value))
            {
                if (lines == 1) Join(data, isFirst: true);
                if (lines >= 1) Join(value, isFirst: false);
                data = value;
                lines++;
            }
            else if (IsField(line, "event"u8, out value))
            {
                name = value;
            }
        }

        return false;
    }

    public void Dispose()
    {
        if (_joined is not null) BytePool.Shared.Return(_joined);
        _joined = null;
    }

    private bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        var end = _rest.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0)
        {
            line = default;
            return false;
        }

        line = _rest[..end];
        var isPair = _rest[end] == '\r' && end + 1 < _rest.Length && _rest[end + 1] == '\n';
        _rest = _rest[(end + (isPair ? 2 : 1))..];
        return true;
    }

    /// <summary>A line of just the name is a field with an empty value; one space after the colon is not part of the value.</summary>
    private static bool IsField(ReadOnlySpan<byte> line, ReadOnlySpan<byte> field, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!line.StartsWith(field)) return false;
        if (line.Length == field.Length) return true;
        if (line[field.Length] != ':') return false;
        value = line[(field.Length + 1)..];
        if (value is [(byte)' ', ..]) value = value[1..];
        return true;
    }

    private void Join(ReadOnlySpan<byte> data, bool isFirst)
    {
        var length = isFirst ? data.Length : _joinedLength + 1 + data.Length;
        if (_joined is null || _joined.Length < length)
        {
            var larger = BytePool.Shared.Rent(Math.Max(length, 1024));
            if (!isFirst) _joined.AsSpan(0, _joinedLength).CopyTo(larger);
            Dispose();
            _joined = larger;
        }

        if (!isFirst) _joined[_joinedLength++] = (byte)'\n';
        else _joinedLength = 0;
        data.CopyTo(_joined.AsSpan(_joinedLength));
        _joinedLength += data.Length;
    }
}
