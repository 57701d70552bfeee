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
    private BodyInFlight? _body;
    private CancellationTokenSource? _stop;
    private EarlyAnswer? _early;
    private volatile bool _isReading;
    private volatile bool _isRefused;
    private volatile bool _isSpoiled;

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
        if (_early is { } early)
        {
            if (!early.IsUsedUp) return buffer.IsEmpty ? early.ReadAsync(buffer) : WatchAsync(early.ReadAsync(buffer), buffer, isAhead: false);
            _early = null;
        }

        if (buffer.IsEmpty) return inner.ReadAsync(buffer, cancellationToken); // only waits for data
        var isAhead = _isBusy && buffer.Length < ReadAhead.Bytes;
        var read = inner.ReadAsync(isAhead ? _ahead.Rent() : buffer, cancellationToken);
        if (!read.IsCompletedSuccessfully) return WatchAsync(read, buffer, isAhead);
        return new ValueTask<int>(Received(read.Result, buffer, isAhead));
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var body = BodyInFlight.Current;
        if (body is null || body != _body) BeginRequest(body);
        if (_writeFault is not null) return default;
        if (_isRefused)
        {
            Spoil();
            return default;
        }

        var write = inner.WriteAsync(buffer, body is null ? cancellationToken : _stop!.Token);
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

    /// <summary>
    /// The first write after an answer begins the next request; so does the first one of another large body, whose
    /// answer may come before its end.
    /// </summary>
    private void BeginRequest(BodyInFlight? body)
    {
        if (!Volatile.Read(ref _isAwaited)) BeginRequest();
        if (body == _body) return;
        _body = body;
        if (body is null) return;
        if (_stop?.TryReset() != true) _stop = new CancellationTokenSource();

        // On a connection that was used before, the pool itself has begun to read.
        if (!_isReading) _early = new EarlyAnswer(inner, Refuse);
    }

    private void BeginRequest()
    {
        _isReused = _hasAnswered;
        _isRefused = false;
        _isSpoiled |= _early is { IsUsedUp: false } || !_ahead.IsEmpty;
        _early = null;

        // The pool reads ahead while a connection is idle, so its end may be noticed in this very moment: each side
        // first says what it does and then looks at the other, with a barrier between, and one of them sees it.
        Volatile.Write(ref _isAwaited, true);
        Interlocked.MemoryBarrier();
        if (_isAtEnd || _isSpoiled || _writeFault is not null) throw new ConnectionLostException(_isReused);
    }

    /// <summary>
    /// The provider wants no more of a large body. What is written from here goes nowhere, as after a broken connection,
    /// and the answer is read the sooner.
    /// </summary>
    private void Refuse()
    {
        _isRefused = true;
        _body?.Stop();
        _stop?.Cancel();
    }

    private void Spoil()
    {
        _isSpoiled = true;
        _body?.Spoil(this);
    }

    /// <returns>Whether an answer was still awaited.</returns>
    private bool End()
    {
        _isAtEnd = true;
        if (_body is not null) Refuse();
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _isAwaited);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> WatchAsync(ValueTask<int> read, Memory<byte> buffer, bool isAhead)
    {
        int count;
        _isReading = true;
        try
        {
            count = await read;
        }
        catch (IOException e) when (End())
        {
            throw new ConnectionLostException(_isReused, _writeFault ?? e);
        }
        finally
        {
            _isReading = false;
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
            if (_body is not null && Volatile.Read(ref _isAwaited) && EarlyAnswer.IsRefusal(buffer.Span[..count]) == true) Refuse();
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
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
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
        catch (OperationCanceledException) when (_isRefused)
        {
            Spoil();
        }
    }
}
