using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Penstock.Snapshot;

/// <summary>
/// Follows <c>penstock.json</c>. The content is compared, not the time stamp, and the file is opened anew each time:
/// files that are mounted into a container are replaced behind a symbolic link, never edited. A new content takes
/// effect whole or, if anything is wrong with it, not at all.
/// </summary>
/// <param name="lastState">What the file was when the snapshot in force was made of it.</param>
internal sealed partial class SnapshotReload(
    SnapshotFile file,
    string lastState,
    SnapshotSource snapshots,
    Func<string, string?> environment,
    TimeProvider time,
    ILogger<SnapshotReload> logger) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly GatewaySettings _atStart = snapshots.Current.Settings;
    private string _lastState = lastState;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Check();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
    }

    /// <summary>One look at the file.</summary>
    public void Check()
    {
        var look = file.Look();
        if (look.State == _lastState) return;
        _lastState = look.State;
        if (look.Content is null)
        {
            LogUnreadable(file.Path, look.Problem!);
            return;
        }

        try
        {
            Take(look.Content);
        }
        catch (Exception e)
        {
            // A bug of ours in reading must not end the program that still serves well.
            LogFailed(e, file.Path);
        }
    }

    private void Take(byte[] content)
    {
        var next = SnapshotReader.Read(content, environment, out var faults);
        if (next is null)
        {
            LogRefused(file.Path, faults.Length);
            foreach (var fault in faults) LogFault(fault.Describe(file.Path));
            return;
        }

        snapshots.Replace(next);
        LogTaken(file.Path);
        if (!next.Settings.Listen.SequenceEqual(_atStart.Listen)) LogNeedsRestart("listen");
        if (next.Settings.ShutdownGraceMs != _atStart.ShutdownGraceMs) LogNeedsRestart("shutdown_grace_ms");
    }

    [LoggerMessage(LogLevel.Information, "Took over the new {File}.")]
    private partial void LogTaken(string file);

    [LoggerMessage(LogLevel.Warning, "'{Member}' has changed. It is read at start only: restart to apply it.")]
    private partial void LogNeedsRestart(string member);

    [LoggerMessage(LogLevel.Error, "{File} has changed and has {Count} faults. What was in force stays in force.")]
    private partial void LogRefused(string file, int count);

    [LoggerMessage(LogLevel.Error, "{Fault}")]
    private partial void LogFault(string fault);

    [LoggerMessage(LogLevel.Warning, "{File}: {Problem} What was in force stays in force.")]
    private partial void LogUnreadable(string file, string problem);

    [LoggerMessage(LogLevel.Error, "{File} could not be taken over. What was in force stays in force.")]
    private partial void LogFailed(Exception exception, string file);
}
