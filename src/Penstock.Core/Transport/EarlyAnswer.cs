namespace Penstock.Transport;

/// <summary>
/// Reads ahead on a connection whose request is still being written: a provider that refuses an upload may say so long
/// before its end, read no more of it, and leave the connection open. What was read is given back to the next reads.
/// </summary>
internal sealed class EarlyAnswer
{
    /// <summary>Room for a status line, and for some informational answers before it.</summary>
    private const int BufferBytes = 4 << 10;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly Task _reading;
    private int _start;
    private int _end;
    private bool _isAtEnd;
    private IOException? _fault;

    /// <param name="refused">Called once, when the provider has refused the request or hung up.</param>
    public EarlyAnswer(Stream connection, Action refused) => _reading = WatchAsync(connection, refused);

    /// <summary>Whether the connection itself is to be read from here on.</summary>
    public bool IsUsedUp => _reading.IsCompleted && _start == _end && !_isAtEnd && _fault is null;

    /// <summary>Whether these first bytes of an answer say no. Some providers answer well while they still read.</summary>
    /// <returns>Null while only informational answers are here, or not enough of a line.</returns>
    public static bool? IsRefusal(ReadOnlySpan<byte> answer)
    {
        while (answer.Length >= "HTTP/1.1 200".Length)
        {
            if (!answer.StartsWith("HTTP/1."u8) || answer[9..].StartsWith("101"u8)) return true;
            if (answer[9] != '1') return answer[9] != '2';
            var end = answer.IndexOf("\r\n\r\n"u8);
            if (end < 0) return null;
            answer = answer[(end + 4)..];
        }

        return null;
    }

    /// <summary>The next bytes; an empty buffer waits for them. 0: the connection ended.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        await _reading;
        if (_start == _end && _fault is not null) throw _fault;
        var count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsMemory(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    private async Task WatchAsync(Stream connection, Action refused)
    {
        bool? isRefusal = null;
        try
        {
            while (isRefusal is null && _end < BufferBytes && !_isAtEnd)
            {
                var count = await connection.ReadAsync(_buffer.AsMemory(_end));
                _isAtEnd = count == 0;
                _end += count;
                isRefusal = _isAtEnd ? true : IsRefusal(_buffer.AsSpan(0, _end));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _fault = e as IOException ?? new IOException(e.Message, e);
            isRefusal = true;
        }

        if (isRefusal == true) refused();
    }
}
