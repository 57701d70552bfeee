using Microsoft.Extensions.Logging;
using Penstock.Snapshot;

namespace Penstock.Hosting;

/// <summary>Sees the running requests off before the listeners close.</summary>
internal sealed partial class Shutdown(Drain drain, SnapshotSource snapshots, TimeProvider time, ILogger<Shutdown> logger)
{
    private readonly TimeSpan _grace = TimeSpan.FromMilliseconds(snapshots.Current.Settings.ShutdownGraceMs);

    public async Task RunAsync()
    {
        if (drain.Running > 0) LogWaiting(drain.Running, _grace.TotalSeconds);
        var late = await drain.FinishAsync(_grace, time);
        if (late > 0) LogCut(late);
    }

    [LoggerMessage(LogLevel.Information, "Shutting down: {Count} running requests have {Seconds} s to finish. A second signal ends at once.")]
    private partial void LogWaiting(int count, double seconds);

    [LoggerMessage(LogLevel.Warning, "{Count} requests did not finish in time and were told so.")]
    private partial void LogCut(int count);
}
