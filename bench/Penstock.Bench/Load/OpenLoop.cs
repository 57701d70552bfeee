using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Penstock.Bench.Load;

/// <summary>
/// Requests begin at fixed times, whether or not the earlier ones are answered, and each counts from the time at which
/// it should have begun: so the wait that a stall causes is measured and not left out.
/// </summary>
internal sealed class OpenLoop : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Stack<Connection> _idle = new();
    private readonly Queue<long> _waiting = new();
    private readonly List<Connection> _connections = [];
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IPEndPoint _address;
    private readonly ReadOnlyMemory<byte> _request;
    private readonly LoadRecorder _recorder;
    private readonly CancellationToken _cancellationToken;
    private int _unanswered;

    private OpenLoop(IPEndPoint address, ReadOnlyMemory<byte> request, Reply expected, int count, CancellationToken cancellationToken)
    {
        _address = address;
        _request = request;
        _recorder = new LoadRecorder(expected);
        _unanswered = count;
        _cancellationToken = cancellationToken;
    }

    /// <param name="rate">Requests a second.</param>
    /// <param name="connections">At most so many are under way; a request that finds none free waits, and its wait counts.</param>
    public static async Task<LoadResult> RunAsync(
        IPEndPoint address,
        ReadOnlyMemory<byte> request,
        Reply expected,
        double rate,
        int connections,
        TimeSpan duration,
        CancellationToken cancellationToken)
    {
        var count = Math.Max(1, (int)(rate * duration.TotalSeconds));
        using var loop = new OpenLoop(address, request, expected, count, cancellationToken);
        for (var i = 0; i < connections; i++)
        {
            var connection = await Connection.OpenAsync(address, cancellationToken);
            loop._connections.Add(connection);
            loop._idle.Push(connection);
        }

        var start = Stopwatch.GetTimestamp();
        new Thread(() => loop.Send(start, count, Stopwatch.Frequency / rate)) { IsBackground = true }.Start();
        await loop._finished.Task.WaitAsync(duration + TimeSpan.FromSeconds(60), cancellationToken);
        return LoadResult.Of([loop._recorder], start);
    }

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }

    /// <summary>Runs on a thread of its own: a timer of the thread pool is late by up to a millisecond.</summary>
    private void Send(long start, int count, double ticksBetween)
    {
        Libc.SleepExactly();
        for (var i = 0; i < count && !_cancellationToken.IsCancellationRequested; i++)
        {
            var intended = start + (long)(i * ticksBetween);
            for (var now = Stopwatch.GetTimestamp(); now < intended; now = Stopwatch.GetTimestamp())
            {
                Libc.Sleep((intended - now) * (1_000_000_000 / Stopwatch.Frequency));
            }

            Connection? connection;
            lock (_lock)
            {
                if (!_idle.TryPop(out connection)) _waiting.Enqueue(intended);
            }

            if (connection is not null) _ = ServeAsync(connection, intended);
        }
    }

    /// <summary>Carries one request, then those that wait for a connection.</summary>
    private async Task ServeAsync(Connection connection, long intended)
    {
        try
        {
            do
            {
                var (reply, fault) = await CallAsync(connection);
                if (fault is not null) connection = await ReplaceAsync(connection);
                Note(reply, fault, intended);
            }
            while (TakeWaiting(connection, out intended));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            _finished.TrySetException(e);
        }
    }

    private async Task<(Reply Reply, string? Fault)> CallAsync(Connection connection)
    {
        try
        {
            return (await connection.CallAsync(_request, _cancellationToken), null);
        }
        catch (Exception e) when (e is SocketException or InvalidDataException)
        {
            return (default, e.Message);
        }
    }

    private async Task<Connection> ReplaceAsync(Connection broken)
    {
        broken.Dispose();
        var connection = await Connection.OpenAsync(_address, _cancellationToken);
        lock (_lock) _connections.Add(connection);
        return connection;
    }

    private void Note(Reply reply, string? fault, long intended)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            if (fault is null) _recorder.Add(reply, intended, now);
            else _recorder.Fail(fault);
            if (--_unanswered == 0) _finished.TrySetResult();
        }
    }

    private bool TakeWaiting(Connection connection, out long intended)
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out intended)) return true;
            _idle.Push(connection);
            return false;
        }
    }
}
