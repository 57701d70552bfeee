using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Penstock.Bench.Cases;
using Penstock.Bench.Gateways;

namespace Penstock.Bench.Reports;

/// <summary>The same figures for programs.</summary>
internal sealed record JsonReport(DateTimeOffset At, string Effort, Machine Machine, IReadOnlyList<Cell> Cells, IReadOnlyList<Failure> Failures)
{
    public static JsonReport Of(ResultTable results, string effort, IReadOnlyList<Case> cases, IReadOnlyList<Gateway> gateways)
    {
        var yardsticks = gateways.Where(gateway => gateway.IsYardstick).Select(gateway => gateway.Name).ToList();
        var cells =
            from one in cases
            from metric in results.MetricsOf(one.Name)
            from gateway in gateways
            let value = Summary.Of(results.Values(one.Name, gateway.Name, metric))
            where value is not null
            select new Cell(one.Name, gateway.Name, metric.Key, value, Summary.Of(results.Ratios(one.Name, gateway.Name, metric, yardsticks)));
        return new JsonReport(TimeProvider.System.GetUtcNow(), effort, Machine.This, [.. cells], results.Failures);
    }

    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.JsonReport);
}

/// <summary>A metric of a gateway in a case.</summary>
/// <param name="Ratio">To the better forwarder; null where it says nothing.</param>
internal sealed record Cell(string Case, string Gateway, string Metric, Summary Value, Summary? Ratio);

/// <summary>Where it was measured.</summary>
internal sealed record Machine(string Processor, int Cores, string System, string Runtime)
{
    public static Machine This => new(
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1] ?? "unknown",
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

    public string ToText() => $"{Processor}, {Cores} cores, {System}, {Runtime}";
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(JsonReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
