using Penstock.Bench.Gateways;
using Penstock.Bench.Measuring;

namespace Penstock.Bench.Reports;

/// <summary>All figures of a run: case, gateway, metric, and one value a round.</summary>
internal sealed class ResultTable
{
    private readonly Dictionary<(string Case, string Gateway, Metric Metric), List<double>> _values = [];
    private readonly List<Failure> _failures = [];

    public IReadOnlyList<Failure> Failures => _failures;

    public void Add(string caseName, string gateway, Measurement measurement)
    {
        foreach (var (metric, value) in measurement.Figures)
        {
            var key = (caseName, gateway, metric);
            if (!_values.TryGetValue(key, out var values)) _values[key] = values = [];
            values.Add(value);
        }

        if (measurement.Failures > 0) _failures.Add(new Failure(caseName, gateway, measurement.Failures, measurement.Fault ?? ""));
    }

    public void AddFailure(string caseName, string gateway, string fault) => _failures.Add(new Failure(caseName, gateway, 1, fault));

    public IReadOnlyList<Metric> MetricsOf(string caseName) =>
        [.. Metric.All.Where(metric => _values.Keys.Any(key => key.Case == caseName && key.Metric == metric))];

    /// <summary>The values by round. For a metric that counts what is added, the direct way's value is taken off.</summary>
    public IReadOnlyList<double> Values(string caseName, string gateway, Metric metric)
    {
        if (!_values.TryGetValue((caseName, gateway, metric), out var values)) return [];
        return metric.IsAdded && _values.TryGetValue((caseName, GatewayList.Direct, metric), out var direct)
            ? [.. values.Zip(direct, (value, floor) => value - floor)]
            : values;
    }

    /// <summary>By round: the gateway's value over that of the better of the yardsticks in the same round.</summary>
    public IReadOnlyList<double> Ratios(string caseName, string gateway, Metric metric, IEnumerable<string> yardsticks)
    {
        if (!metric.HasRatio || gateway == GatewayList.Direct) return [];
        var floors = yardsticks.Select(name => Values(caseName, name, metric)).Where(values => values.Count > 0).ToList();
        return floors.Count == 0 ? [] : [.. Values(caseName, gateway, metric).Select((value, round) => value / floors.Min(values => values[Math.Min(round, values.Count - 1)]))];
    }
}

/// <summary>Answers that were not as expected.</summary>
internal sealed record Failure(string Case, string Gateway, int Count, string Fault);
