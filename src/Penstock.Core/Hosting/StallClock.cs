using Microsoft.AspNetCore.Connections;

namespace Penstock.Hosting;

/// <summary>
/// Ends a connection whose client lets one flush wait for too long. A flush that need not wait never comes here; one that
/// waits notes the time, and the timer looks when it fires.
/// </summary>
/// <param name="limitMs">Asked each time; 0 is off.</param>
/// <param name="cut">Fires when the grace period of a shutdown is over: then patience is short.</param>
internal sealed class StallClock(ConnectionContext connection, Func<int> limitMs, TimeProvider time, CancellationToken cut) : IDisposable
{
    /// <summary>Less than <see cref="Drain.LastWords"/>, so that a stalled client does not hold up the shutdown.</summary>
    private static readonly TimeSpan LimitAfterCut = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private CancellationTokenRegistration _cut;
    private TimeSpan _limit;
    private long _since;
    private bool _isWaiting;
    private bool _isArmed;
    private bool _isDisposed;

    /// <summary>A flush waits.</summary>
    public void Begin()
    {
        var isFirst = false;
        lock (_lock)
        {
            if (_isDisposed) return;
            _limit = Limit();
            if (_limit <= TimeSpan.Zero) return;
            _since = time.GetTimestamp();
            _isWaiting = true;
            isFirst = _timer is null;
            _timer ??= time.CreateTimer(static state => ((StallClock)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (!_isArmed) Arm(_limit);
        }

        // Outside the lock: it may fire at once.
        if (isFirst) _cut = cut.UnsafeRegister(static state => ((StallClock)state!).Hurry(), this);
    }

    /// <summary>The client took it.</summary>
    public void End()
    {
        lock (_lock) _isWaiting = false;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _isWaiting = false;
            _timer?.Dispose();
        }

        _cut.Unregister();
    }

    private TimeSpan Limit()
    {
        var limit = TimeSpan.FromMilliseconds(limitMs());
        return cut.IsCancellationRequested && (limit > LimitAfterCut || limit == TimeSpan.Zero) ? LimitAfterCut : limit;
    }

    private void Arm(TimeSpan due)
    {
        _isArmed = true;
        _timer!.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Hurry()
    {
        lock (_lock)
        {
            if (!_isWaiting) return;
            _limit = Limit();
            _since = time.GetTimestamp();
            Arm(_limit);
        }
    }

    private void Look()
    {
        lock (_lock)
        {
            _isArmed = false;
            if (!_isWaiting) return;
            var left = _limit - time.GetElapsedTime(_since);
            if (left > TimeSpan.Zero)
            {
                Arm(left);
                return;
            }
        }

        connection.Abort(new ConnectionAbortedException("The client does not read."));
    }
}
