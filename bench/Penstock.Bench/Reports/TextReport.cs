using System.Text;
using Penstock.Bench.Cases;
using Penstock.Bench.Gateways;

namespace Penstock.Bench.Reports;

/// <summary>The table for people: a block a case, a line a gateway.</summary>
internal static class TextReport
{
    private const string RatioFormat = "0.00";

    public static string Write(ResultTable results, IReadOnlyList<Case> cases, IReadOnlyList<Gateway> gateways)
    {
        var text = new StringBuilder();
        text.AppendLine("Median of the rounds, in brackets the least and the greatest. × is the ratio to the better forwarder of the same round.");
        var machine = Machine.This;
        text.AppendLine(machine.ToText());
        foreach (var one in cases) WriteCase(text, results, one, gateways);
        foreach (var failure in results.Failures) text.AppendLine($"FAILED {failure.Case}, {failure.Gateway}: {failure.Count} × {failure.Fault}");
        return text.ToString();
    }

    private static void WriteCase(StringBuilder text, ResultTable results, Case one, IReadOnlyList<Gateway> gateways)
    {
        var yardsticks = gateways.Where(gateway => gateway.IsYardstick).Select(gateway => gateway.Name).ToList();
        var rows = new List<string[]> { Header(results, one) };
        foreach (var gateway in gateways)
        {
            var cells = new List<string> { gateway.Name };
            foreach (var metric in results.MetricsOf(one.Name))
            {
                cells.Add(Summary.Of(results.Values(one.Name, gateway.Name, metric))?.ToText(metric.Format) ?? "");
                if (metric.HasRatio) cells.Add(Summary.Of(results.Ratios(one.Name, gateway.Name, metric, yardsticks))?.ToText(RatioFormat) ?? "");
            }

            if (cells.Skip(1).Any(cell => cell.Length > 0)) rows.Add([.. cells]);
        }

        text.AppendLine().AppendLine($"{one.Name}: {one.Title}");
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            var line = row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.AppendLine("  " + string.Join("  ", line));
        }
    }

    private static string[] Header(ResultTable results, Case one) =>
        ["", .. results.MetricsOf(one.Name).SelectMany(metric => metric.HasRatio ? [metric.Title, "×"] : new[] { metric.Title })];
}
