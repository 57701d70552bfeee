using System.Diagnostics;
using Penstock.Bench.Gateways;
using Penstock.Bench.Load;
using Penstock.Bench.Measuring;

namespace Penstock.Bench.Cases;

/// <summary>A new process: how soon it answers, what it weighs idle, and what a thousand streams add that say nothing.</summary>
/// <param name="Call">An ordinary request.</param>
/// <param name="Silent">A stream that sends its first event and then nothing for a long while.</param>
internal sealed record FootprintCase(string Name, string Title, Call Call, Call Silent) : Case(Name, Title, Call)
{
    private const int Streams = 1000;
    private const int OpenedAtOnce = 20;

    /// <summary>So many requests load the code; they are few enough not to fill the heap.</summary>
    private const int Openers = 50;

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1.5);

    public override bool NeedsFreshProcess => true;

    public override async Task<Measurement> MeasureAsync(RunningGateway gateway, Reply expected, Effort effort, CancellationToken cancellationToken)
    {
        await gateway.WaitAsync(Call, cancellationToken);
        var coldStart = Stopwatch.GetElapsedTime(gateway.SpawnedAt).TotalMilliseconds;

        using (var connection = await Connection.OpenAsync(gateway.Address, cancellationToken))
        {
            var request = gateway.Request(Call);
            for (var i = 0; i < Openers; i++) await connection.CallAsync(request, cancellationToken);
        }

        using (new OpenStreams(await OpenAsync(gateway, OpenedAtOnce, cancellationToken)))
        {
            await Task.Delay(Rest, cancellationToken);
        }

        await Task.Delay(Rest, cancellationToken);
        var idle = gateway.ResidentBytes;
        using var streams = new OpenStreams(await OpenAsync(gateway, Streams, cancellationToken));
        await Task.Delay(Rest, cancellationToken);
        return new Measurement(
        [
            (Metric.ColdStart, coldStart),
            (Metric.IdleMemory, idle / 1e6),
            (Metric.StreamsMemory, (gateway.ResidentBytes - idle) / 1e6),
        ]);
    }

    private async Task<List<Connection>> OpenAsync(RunningGateway gateway, int count, CancellationToken cancellationToken)
    {
        var request = gateway.Request(Silent);
        var connections = new List<Connection>(count);
        while (connections.Count < count)
        {
            var some = await Task.WhenAll(Enumerable.Range(0, OpenedAtOnce).Select(_ => Connection.OpenAsync(gateway.Address, cancellationToken, bufferBytes: 4096)));
            connections.AddRange(some);
            await Task.WhenAll(some.Select(connection => connection.BeginAsync(request, cancellationToken)));
        }

        return connections;
    }

    private sealed record OpenStreams(List<Connection> Connections) : IDisposable
    {
        public void Dispose() => Connections.ForEach(connection => connection.Dispose());
    }
}
