using System.IO.Pipelines;
using Penstock.Transport;

namespace Penstock.Http;

/// <summary>
/// Ends the wait for a client's next bytes: when it lasts longer than the idle clock allows, or when Penstock shuts down.
/// </summary>
internal sealed class BodyPatience : IDisposable
{
    private readonly PipeReader _reader;
    private readonly TimeSpan _limit;
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _cut;
    private readonly Lock _lock = new();
    private bool _isOver;

    /// <param name="idleMs">Null and 0 are off.</param>
    /// <param name="cut">Fires when the grace period of a shutdown is over.</param>
    public BodyPatience(PipeReader reader, TimeProvider time, int? idleMs, CancellationToken cut)
    {
        _reader = reader;
        _limit = idleMs is > 0 ? TimeSpan.FromMilliseconds(idleMs.Value) : Timeout.InfiniteTimeSpan;
        _timer = time.CreateTimer(static state => ((BodyPatience)state!).GiveUp(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _cut = cut.UnsafeRegister(static state => ((BodyPatience)state!).GiveUp(), this);
    }

    /// <summary>A read has begun to wait.</summary>
    public void Begin() => _timer.Change(_limit, Timeout.InfiniteTimeSpan);

    /// <summary>From here no read is ended any more: the reader may be the next request's.</summary>
    public void Dispose()
    {
        lock (_lock) _isOver = true;
        _timer.Dispose();
        _cut.Unregister();
    }

    private void GiveUp()
    {
        lock (_lock)
        {
            if (!_isOver) PendingRead.End(_reader);
        }
    }
}
