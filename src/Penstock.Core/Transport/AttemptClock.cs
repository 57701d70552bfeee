using Penstock.Config;

namespace Penstock.Transport;

/// <summary>Why an attempt was ended from our side.</summary>
internal enum AttemptEnd
{
    None,
    Connect,
    Headers,
    FirstToken,
    Idle,
    Total,

    /// <summary>The caller left.</summary>
    ClientGone,

    /// <summary>Penstock shuts down and the grace period is over.</summary>
    Cut,
}

/// <summary>
/// The five clocks of one attempt on one timer. Progress only notes the time; when the timer fires it looks which clock
/// is due and arms itself for the next, so a chunk of a stream costs one time stamp.
/// </summary>
internal sealed class AttemptClock : IDisposable
{
    private const long Never = long.MaxValue;

    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _clientGone;
    private readonly CancellationTokenRegistration _cut;
    private readonly ITimer? _timer;
    private readonly long _ticksPerMs;
    private readonly long _connectTicks;
    private readonly long _idleTicks;
    private readonly long _totalAt;
    private readonly long _headersAt;
    private long _firstTokenAt;
    private long _phaseAt;
    private long _lastActivity;
    private long _armedFor = Never;
    private Phase _phase = Phase.Headers;
    private int _end;
    private volatile bool _isDisposed;

    /// <param name="clocks">Effective values; null and 0 are off.</param>
    public AttemptClock(TimeProvider time, Clocks clocks, CancellationToken clientGone, CancellationToken cut)
    {
        _time = time;
        _ticksPerMs = Math.Max(1, time.TimestampFrequency / 1000);
        var now = time.GetTimestamp();
        _lastActivity = now;
        _connectTicks = Ticks(clocks.ConnectMs);
        _idleTicks = Ticks(clocks.IdleMs);
        _totalAt = After(now, Ticks(clocks.TotalMs));
        _headersAt = After(now, Ticks(clocks.HeadersMs));
        _firstTokenAt = After(now, Ticks(clocks.FirstTokenMs));
        _phaseAt = _headersAt;

        // The connect clock is armed from the start, though it may never run: so entering that phase moves no timer.
        var first = Math.Min(Earliest(), After(now, _connectTicks));
        if (first != Never || _idleTicks > 0)
        {
            _armedFor = Math.Min(first, After(now, _idleTicks));
            _timer = time.CreateTimer(static state => ((AttemptClock)state!).OnTimer(), this, Span(_armedFor - now), Timeout.InfiniteTimeSpan);
        }

        if (clientGone.CanBeCanceled) _clientGone = clientGone.UnsafeRegister(static state => ((AttemptClock)state!).Stop(AttemptEnd.ClientGone), this);
        if (cut.CanBeCanceled) _cut = cut.UnsafeRegister(static state => ((AttemptClock)state!).Stop(AttemptEnd.Cut), this);
    }

    private enum Phase
    {
        Connecting,
        Headers,
        Body,
        WaitingForClient,
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Why the token was cancelled.</summary>
    public AttemptEnd End => (AttemptEnd)Volatile.Read(ref _end);

    /// <summary>Whether a connection had to be opened for this attempt; if not, it rode on a reused one.</summary>
    public bool OpenedConnection { get; private set; }

    public void Connecting()
    {
        OpenedConnection = true;
        _phaseAt = After(_time.GetTimestamp(), _connectTicks);
        _phase = Phase.Connecting;
    }

    public void Connected()
    {
        if (_phase != Phase.Connecting) return;
        _phaseAt = _headersAt;
        _phase = Phase.Headers;
    }

    public void HeadersArrived()
    {
        _lastActivity = _time.GetTimestamp();
        _phaseAt = Never;
        _phase = Phase.Body;
    }

    public void ContentArrived() => _firstTokenAt = Never;

    /// <summary>Bytes came.</summary>
    public void Activity() => _lastActivity = _time.GetTimestamp();

    /// <summary>From here the caller is the slow one: the idle clock rests.</summary>
    public void WaitForClient() => _phase = Phase.WaitingForClient;

    public void ClientIsBack()
    {
        _lastActivity = _time.GetTimestamp();
        _phase = Phase.Body;
    }

    /// <summary>Ends the attempt: the client cannot be written to any more.</summary>
    public void GiveUp() => Stop(AttemptEnd.ClientGone);

    public void Dispose()
    {
        _isDisposed = true;
        _timer?.Dispose();
        _clientGone.Dispose();
        _cut.Dispose();

        // Not disposed: a timer callback may still be on its way, and without a wait handle there is nothing to free.
    }

    private static long After(long now, long ticks) => ticks > 0 ? now + ticks : Never;

    private long Ticks(int? milliseconds) => milliseconds is > 0 ? milliseconds.Value * _ticksPerMs : 0;

    private TimeSpan Span(long ticks) => TimeSpan.FromMilliseconds(Math.Max(1, (ticks + _ticksPerMs - 1) / _ticksPerMs));

    private long Earliest()
    {
        var idleAt = _phase == Phase.Body && _idleTicks > 0 ? _lastActivity + _idleTicks : Never;
        return Math.Min(Math.Min(_totalAt, _firstTokenAt), Math.Min(_phaseAt, idleAt));
    }

    private void OnTimer()
    {
        if (_isDisposed) return;
        var now = _time.GetTimestamp();
        var due = Due(now);
        if (due != AttemptEnd.None)
        {
            Stop(due);
            return;
        }

        // Before the body and while the client is slow the idle clock is not running: look again after its length.
        var next = Math.Min(Earliest(), After(now, _idleTicks));
        if (next == Never) return;
        _armedFor = next;
        try
        {
            _timer!.Change(Span(_armedFor - now), Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The attempt ended meanwhile.
        }
    }

    private AttemptEnd Due(long now)
    {
        if (now >= _totalAt) return AttemptEnd.Total;
        if (now >= _firstTokenAt) return AttemptEnd.FirstToken;
        if (now >= _phaseAt) return _phase == Phase.Connecting ? AttemptEnd.Connect : AttemptEnd.Headers;
        return _phase == Phase.Body && _idleTicks > 0 && now - _lastActivity >= _idleTicks ? AttemptEnd.Idle : AttemptEnd.None;
    }

    private void Stop(AttemptEnd end)
    {
        if (Interlocked.CompareExchange(ref _end, (int)end, (int)AttemptEnd.None) != (int)AttemptEnd.None) return;
        _source.Cancel();
    }
}
