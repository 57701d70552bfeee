namespace Penstock.Transport;

/// <summary>
/// The five clocks of one attempt on one timer. Progress only notes the time; when the timer fires it looks which clock
/// is due and arms itself for the next, so a chunk of a stream costs one time stamp.
/// </summary>
/// <remarks>Progress is told by one thread at a time; the timer and both tokens may come in at any moment.</remarks>
internal sealed class AttemptClock : IDisposable
{
    private const long Never = long.MaxValue;

    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _clientGone;
    private readonly CancellationTokenRegistration _cut;
    private readonly Lock _arming = new();
    private readonly long _ticksPerMs;
    private readonly long _connectTicks;
    private readonly long _idleTicks;
    private readonly long _headersTicks;
    private readonly long _firstTokenTicks;
    private readonly long _totalAt;
    private ITimer? _timer;
    private long _connectAt;
    private long _headersAt;
    private long _firstTokenAt;
    private long _uploadAt = Never;
    private long _lastActivity;
    private long _armedFor = Never;
    private volatile bool _isIdleRunning;
    private volatile bool _hasHeaders;
    private volatile bool _isDisposed;
    private int _end;

    /// <param name="clocks">Effective values; null and 0 are off.</param>
    public AttemptClock(TimeProvider time, Clocks clocks, CancellationToken clientGone, CancellationToken cut)
    {
        _time = time;
        _ticksPerMs = Math.Max(1, time.TimestampFrequency / 1000);
        var now = time.GetTimestamp();
        _connectTicks = Ticks(clocks.ConnectMs);
        _idleTicks = Ticks(clocks.IdleMs);
        _totalAt = After(now, Ticks(clocks.TotalMs));
        _headersTicks = Ticks(clocks.HeadersMs);
        _firstTokenTicks = Ticks(clocks.FirstTokenMs);
        _connectAt = After(now, _connectTicks);
        _headersAt = After(now, _headersTicks);
        _firstTokenAt = After(now, _firstTokenTicks);
        _lastActivity = now;
        Arm(now);

        if (clientGone.CanBeCanceled) _clientGone = clientGone.UnsafeRegister(static state => ((AttemptClock)state!).Stop(AttemptEnd.ClientGone), this);
        if (cut.CanBeCanceled) _cut = cut.UnsafeRegister(static state => ((AttemptClock)state!).Stop(AttemptEnd.Cut), this);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Why the token was cancelled.</summary>
    public AttemptEnd End => (AttemptEnd)Volatile.Read(ref _end);

    /// <summary>The request has a connection, fresh or reused, and is being written: from here only the answer is awaited.</summary>
    public void Sending() => Volatile.Write(ref _connectAt, Never);

    /// <summary>The request was not sent after all and needs another connection; it gets the whole time for it.</summary>
    public void ConnectAgain()
    {
        var now = _time.GetTimestamp();
        Volatile.Write(ref _connectAt, After(now, _connectTicks));
        Arm(now);
    }

    /// <summary>
    /// The caller's next bytes are awaited, for so long at most. What the provider has for its answer begins anew when
    /// they are here.
    /// </summary>
    /// <param name="limitMs">0 is off.</param>
    public void WaitForUpload(int limitMs)
    {
        var now = _time.GetTimestamp();
        Volatile.Write(ref _headersAt, Never);
        if (!_hasHeaders) Volatile.Write(ref _firstTokenAt, Never);
        Volatile.Write(ref _uploadAt, After(now, Ticks(limitMs)));
        Arm(now);
    }

    public void UploadCame()
    {
        Volatile.Write(ref _uploadAt, Never);
        if (_hasHeaders) return;
        var now = _time.GetTimestamp();
        Volatile.Write(ref _headersAt, After(now, _headersTicks));
        Volatile.Write(ref _firstTokenAt, After(now, _firstTokenTicks));

        // An early answer may come in at this moment: each side first says what it does and then looks at the other.
        Interlocked.MemoryBarrier();
        if (_hasHeaders) Volatile.Write(ref _headersAt, Never);
        Arm(now);
    }

    public void HeadersArrived()
    {
        _hasHeaders = true;
        Interlocked.MemoryBarrier();
        Volatile.Write(ref _connectAt, Never);
        Volatile.Write(ref _headersAt, Never);
        Activity();
        _isIdleRunning = true;
    }

    public void ContentArrived() => Volatile.Write(ref _firstTokenAt, Never);

    /// <summary>Bytes came.</summary>
    public void Activity() => Volatile.Write(ref _lastActivity, _time.GetTimestamp());

    /// <summary>From here the caller is the slow one: the idle clock rests.</summary>
    public void WaitForClient() => _isIdleRunning = false;

    public void ClientIsBack()
    {
        Activity();
        _isIdleRunning = true;
    }

    /// <summary>Ends the attempt: the client cannot be written to any more.</summary>
    public void GiveUp() => Stop(AttemptEnd.ClientGone);

    public void Dispose()
    {
        _isDisposed = true;
        _timer?.Dispose();

        // Unregistered rather than disposed, which would wait for a callback that is running. One that comes late
        // cancels a source on which nobody waits; the source is not disposed for its sake, and holds nothing to free.
        _clientGone.Unregister();
        _cut.Unregister();
    }

    private static long After(long now, long ticks) => ticks > 0 ? now + ticks : Never;

    private long Ticks(int? milliseconds) => milliseconds is > 0 ? milliseconds.Value * _ticksPerMs : 0;

    /// <summary>Whole milliseconds, rounded up: a timer that fires early would only have to be armed again.</summary>
    private TimeSpan Span(long ticks) => TimeSpan.FromMilliseconds(Math.Max(1, (ticks + _ticksPerMs - 1) / _ticksPerMs));

    /// <summary>The next moment in which a clock may be due. While the idle clock rests, that is after its whole length.</summary>
    private long NextLook(long now)
    {
        var next = Math.Min(Math.Min(_totalAt, Volatile.Read(ref _firstTokenAt)), Math.Min(Volatile.Read(ref _connectAt), Volatile.Read(ref _headersAt)));
        next = Math.Min(next, Volatile.Read(ref _uploadAt));
        return Math.Min(next, After(_isIdleRunning ? Volatile.Read(ref _lastActivity) : now, _idleTicks));
    }

    private void Arm(long now)
    {
        lock (_arming)
        {
            var next = NextLook(now);
            if (_isDisposed || next >= _armedFor) return;
            _armedFor = next;

            // Armed only when the field is set: the callback uses it.
            _timer ??= _time.CreateTimer(static state => ((AttemptClock)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(Span(next - now), Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        if (_isDisposed) return;
        var now = _time.GetTimestamp();
        if (Due(now) is var due and not AttemptEnd.None)
        {
            Stop(due);
            return;
        }

        lock (_arming) _armedFor = Never;
        Arm(now);
    }

    private AttemptEnd Due(long now)
    {
        if (now >= _totalAt) return AttemptEnd.Total;
        if (now >= Volatile.Read(ref _firstTokenAt)) return AttemptEnd.FirstToken;
        if (now >= Volatile.Read(ref _headersAt)) return AttemptEnd.Headers;
        if (now >= Volatile.Read(ref _connectAt)) return AttemptEnd.Connect;
        if (now >= Volatile.Read(ref _uploadAt)) return AttemptEnd.Upload;
        return _isIdleRunning && _idleTicks > 0 && now - Volatile.Read(ref _lastActivity) >= _idleTicks ? AttemptEnd.Idle : AttemptEnd.None;
    }

    private void Stop(AttemptEnd end)
    {
        if (Interlocked.CompareExchange(ref _end, (int)end, (int)AttemptEnd.None) != (int)AttemptEnd.None) return;
        _source.Cancel();
    }
}
