using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Penstock.Snapshot;

namespace Penstock.Hosting;

/// <summary>
/// Hangs up on a client that does not take what is written to it, whatever is written: answers, errors, the server's own
/// refusals, or the rest of them while the connection closes.
/// </summary>
/// <remarks>
/// The server's minimum data rate does not do this: it gives a client time for every byte that was ever written, hours for
/// a large answer.
/// </remarks>
internal sealed class StalledClients(SnapshotSource snapshots, Drain drain, TimeProvider time)
{
    /// <summary>Wraps one connection for as long as it is served.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var transport = connection.Transport;
        using var clock = new StallClock(connection, LimitMs, time, drain.CutToken);
        connection.Transport = new WatchedPipe(transport.Input, new WatchedWriter(transport.Output, clock));
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }

        await DrainAsync(connection, clock);
    }

    /// <summary>
    /// The server closed the connection, and what it wrote last may still be on its way. Usually the client closed, and
    /// there is nothing to wait for.
    /// </summary>
    private static async Task DrainAsync(ConnectionContext connection, StallClock clock)
    {
        if (connection.ConnectionClosed.IsCancellationRequested) return;
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = connection.ConnectionClosed.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), closed);
        await connection.Transport.Input.CompleteAsync();
        await connection.Transport.Output.CompleteAsync();
        clock.Begin();
        await closed.Task;
    }

    private int LimitMs() => snapshots.Current.Settings.ClientMs;

    private sealed class WatchedPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
