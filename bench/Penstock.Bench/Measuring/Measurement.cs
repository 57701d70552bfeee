namespace Penstock.Bench.Measuring;

/// <summary>What one case found about one gateway in one round.</summary>
/// <param name="Failures">Answers that were not the expected ones.</param>
/// <param name="Fault">The first of them in words.</param>
internal sealed record Measurement(IReadOnlyList<(Metric Metric, double Value)> Figures, int Failures = 0, string? Fault = null);
