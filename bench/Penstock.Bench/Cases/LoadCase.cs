using Penstock.Bench.Gateways;
using Penstock.Bench.Load;
using Penstock.Bench.Measuring;

namespace Penstock.Bench.Cases;

/// <summary>Full load for CPU time and throughput, then a rate that all can bear for latencies.</summary>
/// <param name="Connections">Under full load.</param>
/// <param name="Rate">Requests a second; 0 leaves that part out.</param>
internal sealed record LoadCase(string Name, string Title, Call Call, int Connections, double Rate) : Case(Name, Title, Call)
{
    /// <summary>At most so many requests are under way at the fixed rate.</summary>
    private const int RateConnections = 64;

    /// <summary>The time over which the connections begin under full load.</summary>
    public TimeSpan Stagger { get; init; }

    public override async Task<Measurement> MeasureAsync(RunningGateway gateway, Reply expected, Effort effort, CancellationToken cancellationToken)
    {
        var request = gateway.Request(Call);
        var (full, cpu) = await CpuMeter.MeasureAsync(gateway, () =>
            ClosedLoop.RunAsync(gateway.Address, request, expected, Connections, effort.ClosedLoop, Stagger, cancellationToken));
        var figures = new List<(Metric Metric, double Value)>();
        if (gateway.HasProcess) figures.Add((Call.IsStream ? Metric.CpuPerChunk : Metric.CpuPerRequest, cpu));
        figures.Add((Call.IsStream ? Metric.ChunksPerSecond : Metric.RequestsPerSecond, full.Units / full.Elapsed.TotalSeconds));
        if (Call.IsStream)
        {
            figures.Add((Metric.FirstTokenP50, full.FirstToken.P50));
            figures.Add((Metric.FirstTokenP99, full.FirstToken.P99));
        }

        var failures = full.Failures;
        var fault = full.Fault;
        if (Rate > 0)
        {
            var (steady, cpuAtRate) = await CpuMeter.MeasureAsync(gateway, () =>
                OpenLoop.RunAsync(gateway.Address, request, expected, Rate, RateConnections, effort.OpenLoop, cancellationToken));
            if (gateway.HasProcess) figures.Add((Metric.CpuAtRate, cpuAtRate));
            figures.Add((Metric.LatencyP50, steady.Latency.P50));
            figures.Add((Metric.LatencyP99, steady.Latency.P99));
            failures += steady.Failures;
            fault ??= steady.Fault;
        }

        if (gateway.HasProcess) figures.Add((Metric.LoadedMemory, gateway.ResidentBytes / 1e6));
        return new Measurement(figures, failures, fault);
    }
}
