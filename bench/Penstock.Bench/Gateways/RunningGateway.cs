using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Penstock.Bench.Load;

namespace Penstock.Bench.Gateways;

/// <summary>A gateway that answers, or will soon.</summary>
internal sealed class RunningGateway : IDisposable
{
    private readonly ChildProcess? _process;
    private readonly Uri _simulator;

    private RunningGateway(Gateway gateway, IPEndPoint address, ChildProcess? process, Uri simulator, long spawnedAt)
    {
        Gateway = gateway;
        Address = address;
        SpawnedAt = spawnedAt;
        _process = process;
        _simulator = simulator;
    }

    public Gateway Gateway { get; }

    public IPEndPoint Address { get; }

    /// <summary>Time stamp of the start.</summary>
    public long SpawnedAt { get; }

    /// <summary>Whether there is a process to measure.</summary>
    public bool HasProcess => _process is not null;

    public long CpuNanoseconds => _process?.CpuNanoseconds ?? 0;

    public long ResidentBytes => _process?.ResidentBytes ?? 0;

    /// <param name="repository">The root of the source tree.</param>
    public static RunningGateway Start(Gateway gateway, Uri simulator, string repository)
    {
        var launch = gateway.Launch;
        var port = launch is null ? simulator.Port : FreePort.Find();
        var spawnedAt = Stopwatch.GetTimestamp();
        var process = launch is null ? null : ChildProcess.Start(folder => launch(new LaunchSite(port, simulator, folder, repository)));
        return new RunningGateway(gateway, new IPEndPoint(IPAddress.Loopback, port), process, simulator, spawnedAt);
    }

    /// <summary>A call as this gateway wants it.</summary>
    public byte[] Request(Call call) =>
        call.ToHttp(Address, Gateway.OverridesModel ? "another-model" : call.Model, Gateway.Headers(_simulator, call.Model));

    /// <summary>Tries until the first answer of status 200.</summary>
    /// <returns>The answer.</returns>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    public async Task<Reply> WaitAsync(Call call, CancellationToken cancellationToken)
    {
        var request = Request(call);
        var last = "no connection";
        while (Stopwatch.GetElapsedTime(SpawnedAt) < TimeSpan.FromSeconds(30))
        {
            if (_process is { HasExited: true }) throw new InvalidOperationException($"{Gateway.Name} ended at its start: {_process.LastOutput}");
            try
            {
                using var connection = await Connection.OpenAsync(Address, cancellationToken);
                var reply = await connection.CallAsync(request, cancellationToken);
                if (reply.Status == 200) return reply;
                last = reply.Describe();
            }
            catch (Exception e) when (e is SocketException or InvalidDataException)
            {
                last = e.Message;
            }

            await Task.Delay(2, cancellationToken);
        }

        throw new TimeoutException($"{Gateway.Name} did not answer {call.Path} with status 200: {last}. It printed: {_process?.LastOutput}");
    }

    public void Dispose() => _process?.Dispose();
}
