using System.Net.Sockets;

namespace Penstock.Simulator.Canned;

/// <summary>
/// Many streams on one timer: a wheel of 1 ms slots, turned by a timer that runs only while there are streams. A
/// thousand streams cost a thousand sends, not a thousand timers.
/// </summary>
internal sealed class PacedStreams : IDisposable
{
    private const int Slots = 1024;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<PacedStream>[] _wheel = [.. Enumerable.Range(0, Slots).Select(static _ => new List<PacedStream>())];
    private readonly List<PacedStream> _due = [];
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private long _turnedMs;
    private int _count;
    private bool _isTurning;

    public PacedStreams(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((PacedStreams)state!).Turn(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private long NowMs => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>Sends the first block at once and each further one an interval later.</summary>
    /// <exception cref="SocketException">The client left.</exception>
    public async Task SendAsync(Socket socket, byte[][] blocks, int intervalMs)
    {
        var stream = new PacedStream(socket, blocks, intervalMs, NowMs);
        if (!await stream.SendNextAsync(_stopping.Token))
        {
            await stream.Ended;
            return;
        }

        lock (_lock)
        {
            if (_count++ == 0)
            {
                _turnedMs = NowMs;
                _timer.Change(Tick, Tick);
            }

            Place(stream);
        }

        await stream.Ended;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _timer.Dispose();
        lock (_lock)
        {
            foreach (var stream in _wheel.SelectMany(static slot => slot)) stream.Cancel();
        }
    }

    /// <summary>A stream that is due already goes into the next slot that is turned to.</summary>
    private void Place(PacedStream stream) => _wheel[Math.Max(stream.DueMs, _turnedMs + 1) % Slots].Add(stream);

    private void Turn()
    {
        lock (_lock)
        {
            if (_isTurning) return;
            _isTurning = true;
            for (var now = NowMs; _turnedMs < now;)
            {
                var slot = _wheel[++_turnedMs % Slots];
                foreach (var stream in slot)
                {
                    if (stream.DueMs <= _turnedMs) _due.Add(stream);
                }

                slot.RemoveAll(stream => stream.DueMs <= _turnedMs);
            }
        }

        foreach (var stream in _due) Send(stream);
        _due.Clear();
        lock (_lock) _isTurning = false;
    }

    /// <summary>A send almost always completes at once; where a client does not read, only its own stream waits.</summary>
    private void Send(PacedStream stream)
    {
        var sending = stream.SendNextAsync(_stopping.Token);
        if (sending.IsCompletedSuccessfully) Sent(stream, sending.Result);
        else _ = WaitAsync(stream, sending);
    }

    private async Task WaitAsync(PacedStream stream, ValueTask<bool> sending) => Sent(stream, await sending);

    private void Sent(PacedStream stream, bool hasMore)
    {
        lock (_lock)
        {
            if (hasMore) Place(stream);
            else if (--_count == 0) _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
