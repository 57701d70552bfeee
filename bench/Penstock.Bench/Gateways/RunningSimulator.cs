namespace Penstock.Bench.Gateways;

/// <summary>The provider behind all gateways, in a process of its own so that its CPU time is nobody else's.</summary>
internal sealed class RunningSimulator : IDisposable
{
    private readonly ChildProcess _process;

    private RunningSimulator(ChildProcess process, Uri baseUrl)
    {
        _process = process;
        BaseUrl = baseUrl;
    }

    public Uri BaseUrl { get; }

    public static RunningSimulator Start()
    {
        var port = FreePort.Find();
        var command = new LaunchCommand(Environment.ProcessPath!, "simulator", "--port", $"{port}") { Environment = GatewayList.Tuned };
        return new RunningSimulator(ChildProcess.Start(_ => command), new Uri($"http://127.0.0.1:{port}/"));
    }

    public void Dispose() => _process.Dispose();
}
