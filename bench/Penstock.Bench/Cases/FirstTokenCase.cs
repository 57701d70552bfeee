using Penstock.Bench.Gateways;
using Penstock.Bench.Load;
using Penstock.Bench.Measuring;

namespace Penstock.Bench.Cases;

/// <summary>How much later the first text of a stream comes than without a gateway, at a rate that leaves time to breathe.</summary>
/// <param name="Rate">Streams a second.</param>
internal sealed record FirstTokenCase(string Name, string Title, Call Call, double Rate) : Case(Name, Title, Call)
{
    private const int Connections = 32;

    public override async Task<Measurement> MeasureAsync(RunningGateway gateway, Reply expected, Effort effort, CancellationToken cancellationToken)
    {
        var request = gateway.Request(Call);
        var result = await OpenLoop.RunAsync(gateway.Address, request, expected, Rate, Connections, effort.OpenLoop, cancellationToken);
        return new Measurement(
            [
                (Metric.FirstTokenAdded, result.FirstToken.P50),
                (Metric.FirstTokenP50, result.FirstToken.P50),
                (Metric.FirstTokenP99, result.FirstToken.P99),
            ],
            result.Failures,
            result.Fault);
    }
}
