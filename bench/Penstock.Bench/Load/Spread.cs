using System.Diagnostics;

namespace Penstock.Bench.Load;

/// <summary>Percentiles of durations, in milliseconds.</summary>
internal readonly record struct Spread(double P50, double P99)
{
    public static Spread Of(IEnumerable<long> ticks)
    {
        var sorted = ticks.Order().ToArray();
        return sorted.Length == 0 ? new Spread(double.NaN, double.NaN) : new Spread(At(sorted, 0.50), At(sorted, 0.99));
    }

    private static double At(long[] sorted, double share) =>
        sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))] * 1000.0 / Stopwatch.Frequency;
}
