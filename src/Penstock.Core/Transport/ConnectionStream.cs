using System.Runtime.CompilerServices;

namespace Penstock.Transport;

/// <summary>
/// One connection of the pool. It knows whether a request rides on it as the first: the pool does not tell, and the
/// request for which a connection was opened is often not the one that gets it.
/// </summary>
/// <remarks>HTTP/1.1: one request at a time, whose answer begins after the request was written.</remarks>
internal sealed class ConnectionStream(Stream inner) : Stream
{
    /// <summary>A buffer of at least this size that a read filled to its end says that more is here.</summary>
    private const int MinBusyBytes = 2 << 10;

    private ReadAhead _ahead;
    private bool _isBusy;
    private bool _hasAnswered;
    private bool _isReused;
    private bool _isAtEnd;
    private bool _isAwaited;
    private IOException? _writeFault;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_ahead.IsEmpty) return new ValueTask<int>(_ahead.Take(buffer.Span));
        if (buffer.IsEmpty) return inner.ReadAsync(buffer, cancellationToken); // only waits for data
        var isAhead = _isBusy && buffer.Length < ReadAhead.Bytes;
        var read = inner.ReadAsync(isAhead ? _ahead.Rent() : buffer, cancellationToken);
        if (!read.IsCompletedSuccessfully) return WatchAsync(read, buffer, isAhead);
        return new ValueTask<int>(Received(read.Result, buffer, isAhead));
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        BeginRequest();
        if (_writeFault is not null) return default;
        var write = inner.WriteAsync(buffer, cancellationToken);
        return write.IsCompletedSuccessfully ? write : WatchAsync(write);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The first write after an answer begins the next request.</summary>
    private void BeginRequest()
    {
        if (Volatile.Read(ref _isAwaited)) return;
        _isReused = _hasAnswered;

        // The pool reads ahead while a connection is idle, so its end may be noticed in this very moment: each side
        // first says what it does and then looks at the other, with a barrier between, and one of them sees it.
        Volatile.Write(ref _isAwaited, true);
        Interlocked.MemoryBarrier();
        if (_isAtEnd || _writeFault is not null) throw new ConnectionLostException(_isReused);
    }

    /// <returns>Whether an answer was still awaited.</returns>
    private bool End()
    {
        _isAtEnd = true;
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _isAwaited);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WatchAsync(ValueTask<int> read, Memory<byte> buffer, bool isAhead)
    {
        int count;
        try
        {
            count = await read;
        }
        catch (IOException e) when (End())
        {
            throw new ConnectionLostException(_isReused, _writeFault ?? e);
        }

        return Received(count, buffer, isAhead);
    }

    /// <param name="isAhead">Whether what came is in the buffer of our own.</param>
    /// <exception cref="ConnectionLostException">It was the end, and an answer was awaited.</exception>
    private int Received(int count, Memory<byte> buffer, bool isAhead)
    {
        _isBusy = count == (isAhead ? ReadAhead.Bytes : buffer.Length) && count >= MinBusyBytes;
        if (isAhead) count = _ahead.Fill(count, buffer.Span);
        if (count > 0)
        {
            _hasAnswered = true;
            Volatile.Write(ref _isAwaited, false);
            return count;
        }

        return End() ? throw new ConnectionLostException(_isReused, _writeFault) : 0;
    }

    /// <summary>
    /// A provider that refuses a large body answers and hangs up before it has read it all. The rest goes nowhere then,
    /// and what it answered is still to be read; when there is nothing, the read says so.
    /// </summary>
    private async ValueTask WatchAsync(ValueTask write)
    {
        try
        {
            await write;
        }
        catch (IOException e)
        {
            _writeFault = e;
        }
    }
}
