using System.Globalization;

namespace Penstock.Bench.Reports;

/// <summary>A figure over the rounds of a run.</summary>
internal sealed record Summary(double Median, double Min, double Max, IReadOnlyList<double> Rounds)
{
    /// <returns>Null when there is nothing.</returns>
    public static Summary? Of(IReadOnlyList<double> values)
    {
        if (values.Count == 0) return null;
        var sorted = values.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Summary(median, sorted[0], sorted[^1], values);
    }

    /// <summary>Like <c>31.4 (30.9–33.0)</c>.</summary>
    public string ToText(string format) =>
        Rounds.Count == 1 ? MedianText(format) : $"{MedianText(format)} ({Text(Min, format)}–{Text(Max, format)})";

    public string MedianText(string format) => Text(Median, format);

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
