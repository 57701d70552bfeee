using Penstock.Bench.Gateways;
using Penstock.Bench.Load;

namespace Penstock.Bench.Measuring;

/// <summary>CPU time of a gateway's process over a stretch of load.</summary>
internal static class CpuMeter
{
    /// <returns>The load's result, and CPU microseconds per unit.</returns>
    public static async Task<(LoadResult Result, double Microseconds)> MeasureAsync(RunningGateway gateway, Func<Task<LoadResult>> load)
    {
        var before = gateway.CpuNanoseconds;
        var result = await load();
        var used = gateway.CpuNanoseconds - before;
        return (result, result.Units == 0 ? double.NaN : used / 1000.0 / result.Units);
    }
}
