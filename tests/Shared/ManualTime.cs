namespace Penstock.Tests;

/// <summary>A clock that stands still until a test moves it. Timers fire inside <see cref="Advance"/>, in order.</summary>
public sealed class ManualTime(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private readonly List<(Func<TimeSpan, bool> IsAwaited, TaskCompletionSource<TimeSpan> Armed)> _waiters = [];
    private readonly DateTimeOffset _start = start ?? new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp()
    {
        lock (_lock) return _elapsed.Ticks;
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _start + _elapsed;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>When the next timer is due, counted from now; null when none is armed.</summary>
    public TimeSpan? NextTimer
    {
        get
        {
            lock (_lock) return _timers.Count == 0 ? null : _timers.Min(timer => timer.DueAt) - _elapsed;
        }
    }

    /// <summary>
    /// Completes with the time that is left of a timer when one is armed that the predicate accepts: the code under test
    /// has begun to wait.
    /// </summary>
    public Task<TimeSpan> ArmedAsync(Func<TimeSpan, bool> isAwaited)
    {
        lock (_lock)
        {
            foreach (var timer in _timers)
            {
                if (isAwaited(timer.DueAt - _elapsed)) return Task.FromResult(timer.DueAt - _elapsed);
            }

            var armed = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((isAwaited, armed));
            return armed.Task;
        }
    }

    public void Advance(TimeSpan by)
    {
        var target = GetElapsed() + by;
        while (TakeDue(target) is { } timer) timer.Fire();
        lock (_lock) _elapsed = target;
    }

    private TimeSpan GetElapsed()
    {
        lock (_lock) return _elapsed;
    }

    private Timer? TakeDue(TimeSpan target)
    {
        lock (_lock)
        {
            var due = _timers.Where(timer => timer.DueAt <= target).MinBy(timer => timer.DueAt);
            if (due is null) return null;
            if (due.DueAt > _elapsed) _elapsed = due.DueAt;
            _timers.Remove(due);
            if (due.Period > TimeSpan.Zero)
            {
                due.DueAt = _elapsed + due.Period;
                _timers.Add(due);
            }

            return due;
        }
    }

    private void Arm(Timer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan) return;
            timer.DueAt = _elapsed + dueTime;
            _timers.Add(timer);
            foreach (var (_, armed) in _waiters.Where(waiter => waiter.IsAwaited(dueTime))) armed.TrySetResult(dueTime);
            _waiters.RemoveAll(waiter => waiter.Armed.Task.IsCompleted);
        }
    }

    private void Remove(Timer timer)
    {
        lock (_lock) _timers.Remove(timer);
    }

    private sealed class Timer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
            time.Arm(this, dueTime);
            return true;
        }

        public void Dispose() => time.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
