using System.Net.Sockets;
using Penstock.Bench.Cases;
using Penstock.Bench.Gateways;
using Penstock.Bench.Load;
using Penstock.Bench.Measuring;
using Penstock.Bench.Reports;

namespace Penstock.Bench;

/// <summary>
/// A whole run. All gateways stand side by side from beginning to end; each round visits every case and, within it,
/// every gateway, so that a machine that is slower for a while is so for all of them.
/// </summary>
internal sealed class Suite(IReadOnlyList<Case> cases, IReadOnlyList<Gateway> gateways, Effort effort, string repository) : IDisposable
{
    private const int WarmUpConnections = 16;

    /// <summary>For one case with one gateway.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ResultTable _results = new();
    private readonly List<RunningGateway> _running = [];
    private readonly Dictionary<(Gateway Gateway, Call Call), Reply> _expected = [];
    private RunningSimulator? _simulator;

    public async Task<ResultTable> RunAsync(CancellationToken cancellationToken)
    {
        _simulator = RunningSimulator.Start();
        if (cases.Any(one => !one.NeedsFreshProcess)) await StartAsync(_simulator.BaseUrl, cancellationToken);
        for (var round = 1; round <= effort.Rounds; round++)
        {
            foreach (var one in cases)
            {
                Say($"round {round} of {effort.Rounds}: {one.Name}");
                if (one.NeedsFreshProcess) await MeasureFreshAsync(one, cancellationToken);
                else await MeasureAsync(one, cancellationToken);
            }
        }

        return _results;
    }

    public void Dispose()
    {
        foreach (var gateway in _running) gateway.Dispose();
        _simulator?.Dispose();
    }

    private async Task StartAsync(Uri simulator, CancellationToken cancellationToken)
    {
        foreach (var gateway in gateways)
        {
            var running = RunningGateway.Start(gateway, simulator, repository);
            _running.Add(running);
            try
            {
                foreach (var call in Calls()) await LearnAsync(running, call, cancellationToken);
            }
            catch (Exception e) when (running.HasProcess && (e is TimeoutException or InvalidDataException or InvalidOperationException))
            {
                // The others can still be measured.
                Fail("start", gateway, e.Message);
                _running.Remove(running);
                running.Dispose();
                continue;
            }

            if (!running.HasProcess) continue;
            Say($"warming up {gateway.Name}");
            foreach (var call in Calls()) await WarmUpAsync(running, call, cancellationToken);
        }
    }

    private IEnumerable<Call> Calls() => cases.Where(one => !one.NeedsFreshProcess).Select(one => one.Call).Distinct();

    /// <summary>Learns what the right answer is: the one that comes without a gateway.</summary>
    private async Task LearnAsync(RunningGateway running, Call call, CancellationToken cancellationToken)
    {
        var reply = await running.WaitAsync(call, cancellationToken);
        _expected[(running.Gateway, call)] = reply;
        if (!running.HasProcess) return;
        var right = _expected[(_running[0].Gateway, call)];
        if (!running.Gateway.PassesBytes) right = right with { BodyBytes = reply.BodyBytes };
        if (!reply.IsLike(right)) throw new InvalidDataException($"{running.Gateway.Name} answers {call.Model} with {reply.Describe()} instead of {right.Describe()}.");
    }

    private async Task WarmUpAsync(RunningGateway running, Call call, CancellationToken cancellationToken)
    {
        var request = running.Request(call);
        var expected = _expected[(running.Gateway, call)];
        var duration = (running.Gateway.IsCompiled ? effort.WarmUp / 10 : effort.WarmUp) / Calls().Count();
        var result = await ClosedLoop.RunAsync(running.Address, request, expected, WarmUpConnections, duration, TimeSpan.Zero, cancellationToken);
        if (result.Failures > 0) Fail("warm-up with " + call.Model, running.Gateway, result.Fault!);
    }

    private async Task MeasureAsync(Case one, CancellationToken cancellationToken)
    {
        foreach (var running in _running.Where(running => running.HasProcess || one.HasFloor))
        {
            await MeasureAsync(one, running, _expected[(running.Gateway, one.Call)], cancellationToken);
        }
    }

    private async Task MeasureFreshAsync(Case one, CancellationToken cancellationToken)
    {
        foreach (var gateway in gateways.Where(gateway => gateway.Launch is not null))
        {
            using var running = RunningGateway.Start(gateway, _simulator!.BaseUrl, repository);
            await MeasureAsync(one, running, default, cancellationToken);
        }
    }

    private async Task MeasureAsync(Case one, RunningGateway running, Reply expected, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var measurement = await one.MeasureAsync(running, expected, effort, limit.Token);
            _results.Add(one.Name, running.Gateway.Name, measurement);
            if (measurement.Failures > 0) Say($"{running.Gateway.Name} failed {measurement.Failures} times: {measurement.Fault}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Fail(one.Name, running.Gateway, $"It did not come to an end within {Patience.TotalSeconds} s.");
        }
        catch (Exception e) when (e is TimeoutException or InvalidDataException or InvalidOperationException or SocketException)
        {
            Fail(one.Name, running.Gateway, e.Message);
        }
    }

    private void Fail(string what, Gateway gateway, string fault)
    {
        Say($"{gateway.Name} failed: {fault}");
        _results.AddFailure(what, gateway.Name, fault);
    }

    /// <summary>Progress goes to the error stream, so that the table alone is on standard output.</summary>
    private static void Say(string what) => Console.Error.WriteLine(what);
}
