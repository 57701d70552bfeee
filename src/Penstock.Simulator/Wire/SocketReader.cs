using System.Net.Sockets;

namespace Penstock.Simulator.Wire;

/// <summary>Reads requests from one connection; while an answer is being written, notices that the client leaves.</summary>
/// <remarks>
/// What is read ahead for that purpose may add bytes to the buffer at any moment until it is awaited: whoever looks at the
/// buffer before that looks once, and draws no conclusion from what has come since.
/// </remarks>
internal sealed class SocketReader(Socket socket)
{
    private const int MaxHeadBytes = 256 * 1024;
    private const int MaxChunkLineBytes = 1024;

    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;
    private Task? _watch;
    private bool _ended;

    private Span<byte> Buffered => _buffer.AsSpan(_start, _end - _start);

    /// <returns>Null when the client left.</returns>
    /// <exception cref="WireException">It is not HTTP.</exception>
    public async Task<RequestHead?> ReadHeadAsync()
    {
        var searched = 0;
        while (true)
        {
            // RFC 9112, section 2.2: empty lines before a request are skipped.
            while (Buffered.StartsWith("\r\n"u8)) _start += 2;
            var buffered = Buffered;
            var end = buffered[Math.Min(searched, buffered.Length)..].IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                end += searched;
                var head = RequestHead.Parse(buffered[..end]);
                _start += end + 4;
                return head;
            }

            searched = Math.Max(0, buffered.Length - 3);
            if (buffered.Length > MaxHeadBytes) throw new WireException(431, $"The request head is larger than {MaxHeadBytes} bytes.");
            if (!await FillAsync()) return null;
        }
    }

    /// <param name="beforeRead">Awaited before each read: a slow reader waits here.</param>
    /// <returns>What came of the body, and whether it is whole.</returns>
    public async Task<(byte[] Body, bool IsWhole)> ReadBodyAsync(RequestHead head, long maxBytes, Func<Task>? beforeRead)
    {
        if (head.IsChunked) return await ReadChunkedAsync(maxBytes, beforeRead);
        if (head.ContentLength is not (> 0 and var length)) return ([], true);
        if (length > maxBytes) throw new WireException(413, $"The body is larger than {maxBytes} bytes.");
        var body = new byte[length];
        var read = await ReadExactlyAsync(body, beforeRead);
        return read == body.Length ? (body, true) : (body[..read], false);
    }

    /// <summary>Begins to read ahead, so that the end of the connection is seen while nothing is being read.</summary>
    /// <remarks>A client that closes only its sending half counts as gone too: HTTP clients do not do that.</remarks>
    public void WatchForEnd(CancellationTokenSource gone)
    {
        if (_watch is { IsCompleted: false }) return;
        if (_start == _end) _start = _end = 0;
        if (_ended) gone.Cancel();
        else if (_end < _buffer.Length) _watch = WatchAsync(gone);
    }

    /// <summary>Reads and drops what still comes, until the client closes.</summary>
    public async Task DrainAsync()
    {
        do _start = _end = 0;
        while (await FillAsync());
    }

    private async Task WatchAsync(CancellationTokenSource gone)
    {
        if (await ReceiveAsync()) return;
        try
        {
            await gone.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The answer was complete before: nobody asks for the end any more.
        }
    }

    private async Task<(byte[] Body, bool IsWhole)> ReadChunkedAsync(long maxBytes, Func<Task>? beforeRead)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var line = await ReadLineAsync();
            if (line is null) return (body.ToArray(), false);
            var size = line.Split(';', 2)[0].Trim();
            if (!int.TryParse(size, System.Globalization.NumberStyles.AllowHexSpecifier, null, out var length) || length < 0)
            {
                throw new WireException(400, $"Bad chunk size '{size}'.");
            }

            if (body.Length + length > maxBytes) throw new WireException(413, $"The body is larger than {maxBytes} bytes.");
            if (length == 0) break;
            var chunk = new byte[length];
            var read = await ReadExactlyAsync(chunk, beforeRead);
            body.Write(chunk, 0, read);
            if (read < length) return (body.ToArray(), false);
            line = await ReadLineAsync();
            if (line is null) return (body.ToArray(), false);
            if (line.Length > 0) throw new WireException(400, "A chunk is longer than its size says.");
        }

        while (await ReadLineAsync() is { } trailer)
        {
            if (trailer.Length == 0) return (body.ToArray(), true);
        }

        return (body.ToArray(), false);
    }

    private async Task<string?> ReadLineAsync()
    {
        while (true)
        {
            var end = Buffered.IndexOf("\r\n"u8);
            if (end >= 0)
            {
                var line = System.Text.Encoding.Latin1.GetString(Buffered[..end]);
                _start += end + 2;
                return line;
            }

            if (Buffered.Length > MaxChunkLineBytes) throw new WireException(400, "A chunk's size line does not end.");
            if (!await FillAsync()) return null;
        }
    }

    private async Task<int> ReadExactlyAsync(byte[] target, Func<Task>? beforeRead)
    {
        var filled = 0;
        while (filled < target.Length)
        {
            if (beforeRead is not null) await beforeRead();
            if (Buffered.IsEmpty && _watch is null)
            {
                // Large bodies go straight to their place.
                var read = await ReceiveAsync(target.AsMemory(filled));
                if (read == 0) break;
                filled += read;
                continue;
            }

            if (Buffered.IsEmpty && !await FillAsync()) break;
            var take = Math.Min(Buffered.Length, target.Length - filled);
            Buffered[..take].CopyTo(target.AsSpan(filled));
            _start += take;
            filled += take;
        }

        return filled;
    }

    /// <returns>False at the end of the connection.</returns>
    private async ValueTask<bool> FillAsync()
    {
        if (_watch is { } watch)
        {
            // Its bytes may have come before or after the caller looked: he looks again.
            await watch;
            _watch = null;
            return !_ended;
        }

        if (_ended) return false;
        if (_start == _end) _start = _end = 0;
        if (_end == _buffer.Length) MakeRoom();
        return await ReceiveAsync();
    }

    private void MakeRoom()
    {
        var target = _start > 0 ? _buffer : new byte[_buffer.Length * 2];
        Buffered.CopyTo(target);
        _end -= _start;
        _start = 0;
        _buffer = target;
    }

    private async ValueTask<bool> ReceiveAsync()
    {
        var read = await ReceiveAsync(_buffer.AsMemory(_end));
        _end += read;
        return read > 0;
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> target)
    {
        if (_ended) return 0;
        try
        {
            var read = await socket.ReceiveAsync(target, SocketFlags.None);
            _ended = read == 0;
            return read;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            _ended = true;
            return 0;
        }
    }
}
