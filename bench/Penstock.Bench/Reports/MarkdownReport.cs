using System.Text;
using Penstock.Bench.Cases;
using Penstock.Bench.Gateways;
using Penstock.Bench.Measuring;

namespace Penstock.Bench.Reports;

/// <summary>One table of what counts, for a document: a line a figure, a column a gateway.</summary>
internal static class MarkdownReport
{
    public static string Write(ResultTable results, IReadOnlyList<Case> cases, IReadOnlyList<Gateway> gateways)
    {
        var measured = gateways.Where(gateway => gateway.Launch is not null).ToList();
        var yardsticks = measured.Where(gateway => gateway.IsYardstick).Select(gateway => gateway.Name).ToList();
        var text = new StringBuilder();
        text.AppendLine(Machine.This.ToText()).AppendLine();
        text.AppendLine($"| | {string.Join(" | ", measured.Select(gateway => gateway.Name))} |");
        text.AppendLine($"|---|{string.Concat(Enumerable.Repeat("---:|", measured.Count))}");
        foreach (var one in cases)
        {
            foreach (var metric in results.MetricsOf(one.Name).Where(metric => metric.IsHeadline))
            {
                var cells = measured.Select(gateway => Cell(results, one, gateway, metric, yardsticks));
                text.AppendLine($"| {one.Name}: {metric.Title} | {string.Join(" | ", cells)} |");
            }
        }

        return text.ToString();
    }

    /// <summary>The median; behind it the ratio with its spread, for those who are not the yardstick.</summary>
    private static string Cell(ResultTable results, Case one, Gateway gateway, Metric metric, IReadOnlyList<string> yardsticks)
    {
        if (Summary.Of(results.Values(one.Name, gateway.Name, metric)) is not { } value) return "";
        var text = value.MedianText(metric.Format);
        return !gateway.IsYardstick && Summary.Of(results.Ratios(one.Name, gateway.Name, metric, yardsticks)) is { } ratio
            ? $"{text}, {ratio.ToText("0.00")} ×"
            : text;
    }
}
