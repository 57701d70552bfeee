using Penstock.Bench.Gateways;
using Penstock.Bench.Load;
using Penstock.Bench.Measuring;

namespace Penstock.Bench.Cases;

/// <summary>One thing to find out about every gateway.</summary>
/// <param name="Call">The request that it makes.</param>
internal abstract record Case(string Name, string Title, Call Call)
{
    /// <summary>Whether it needs a process that has done nothing yet.</summary>
    public virtual bool NeedsFreshProcess => false;

    /// <summary>Whether a quick run has it.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Whether the way without a gateway is measured too, as the floor of its latencies.</summary>
    public bool HasFloor { get; init; }

    public abstract Task<Measurement> MeasureAsync(RunningGateway gateway, Reply expected, Effort effort, CancellationToken cancellationToken);
}
