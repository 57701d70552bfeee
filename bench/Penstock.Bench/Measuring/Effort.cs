namespace Penstock.Bench.Measuring;

/// <summary>How long to look.</summary>
/// <param name="WarmUp">Load for each gateway before anything counts. The JIT needs 5 s to settle.</param>
/// <param name="ClosedLoop">One stretch at full load.</param>
/// <param name="OpenLoop">One stretch at a fixed rate.</param>
internal sealed record Effort(string Name, int Rounds, TimeSpan WarmUp, TimeSpan ClosedLoop, TimeSpan OpenLoop)
{
    public static readonly Effort Full = new("full", 5, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2));

    public static readonly Effort Quick = new("quick", 2, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(0.7), TimeSpan.FromSeconds(0.9));
}
