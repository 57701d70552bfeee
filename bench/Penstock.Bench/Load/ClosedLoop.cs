using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Penstock.Bench.Load;

/// <summary>
/// Each connection sends its next request when the last one is answered: as much as the gateway can take. Good for CPU
/// time and throughput. Its latencies flatter a gateway that stalls; <see cref="OpenLoop"/> measures those.
/// </summary>
internal static class ClosedLoop
{
    /// <param name="duration">No request is begun later; those under way are waited for.</param>
    /// <param name="stagger">The time over which the connections begin, so that paced streams do not march in step.</param>
    public static async Task<LoadResult> RunAsync(
        IPEndPoint address,
        ReadOnlyMemory<byte> request,
        Reply expected,
        int connections,
        TimeSpan duration,
        TimeSpan stagger,
        CancellationToken cancellationToken)
    {
        var recorders = Enumerable.Range(0, connections).Select(_ => new LoadRecorder(expected)).ToArray();
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(recorders.Select(async (recorder, index) =>
        {
            if (stagger > TimeSpan.Zero) await Task.Delay(stagger * index / connections, cancellationToken);
            await DriveAsync(address, request, recorder, end, cancellationToken);
        }));
        return LoadResult.Of(recorders, start);
    }

    private static async Task DriveAsync(IPEndPoint address, ReadOnlyMemory<byte> request, LoadRecorder recorder, long end, CancellationToken cancellationToken)
    {
        Connection? connection = null;
        try
        {
            for (var sent = Stopwatch.GetTimestamp(); sent < end; sent = Stopwatch.GetTimestamp())
            {
                try
                {
                    connection ??= await Connection.OpenAsync(address, cancellationToken);
                    var reply = await connection.CallAsync(request, cancellationToken);
                    recorder.Add(reply, sent, Stopwatch.GetTimestamp());
                }
                catch (Exception e) when (e is SocketException or InvalidDataException)
                {
                    recorder.Fail(e.Message);
                    connection?.Dispose();
                    connection = null;
                    await Task.Delay(10, cancellationToken);
                }
            }
        }
        finally
        {
            connection?.Dispose();
        }
    }
}
