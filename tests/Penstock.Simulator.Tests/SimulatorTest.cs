namespace Penstock.Simulator.Tests;

/// <summary>One simulator and one client of it per test.</summary>
public abstract class SimulatorTest : IAsyncLifetime
{
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected ProviderSimulator Provider { get; private set; } = null!;

    private protected Client Http { get; private set; } = null!;

    protected virtual SimulatorOptions Options => new();

    public async ValueTask InitializeAsync()
    {
        Provider = await ProviderSimulator.StartAsync(Options, Stop);
        Http = new Client(Provider);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Provider.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
