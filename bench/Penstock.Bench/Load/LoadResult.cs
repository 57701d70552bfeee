using System.Diagnostics;

namespace Penstock.Bench.Load;

/// <summary>What a stretch of load came to.</summary>
/// <param name="Events">Server-sent events in all replies.</param>
/// <param name="Fault">The first failure in words.</param>
internal sealed record LoadResult(int Requests, long Events, int Failures, string? Fault, TimeSpan Elapsed, Spread Latency, Spread FirstToken)
{
    /// <summary>What CPU time is divided by: events of streams, else requests.</summary>
    public long Units => Events > 0 ? Events : Requests;

    public static LoadResult Of(IReadOnlyCollection<LoadRecorder> recorders, long startedAt) => new(
        recorders.Sum(recorder => recorder.LatencyTicks.Count),
        recorders.Sum(recorder => recorder.Events),
        recorders.Sum(recorder => recorder.Failures),
        recorders.Select(recorder => recorder.Fault).FirstOrDefault(fault => fault is not null),
        Stopwatch.GetElapsedTime(startedAt),
        Spread.Of(recorders.SelectMany(recorder => recorder.LatencyTicks)),
        Spread.Of(recorders.SelectMany(recorder => recorder.FirstTokenTicks)));
}
