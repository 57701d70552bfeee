namespace Penstock.Simulator.Tests;

/// <summary>Many requests on one connection.</summary>
public sealed class KeepAliveTests : SimulatorTest
{
    /// <summary>Also in the very moment in which the simulator turns from its answer to reading.</summary>
    [Fact]
    public async Task Hears_the_next_request_whenever_it_comes()
    {
        Provider.Always(Reply.From(received => Reply.Json($$"""{"n":{{received.NumberOnConnection}}}""")));
        var request = RawClient.Request(Provider.Port, Client.Hello);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() => SendPairsAsync(request, new Random(seed)), Stop))).WaitAsync(Patience.Token);
    }

    private async Task SendPairsAsync(string request, Random random)
    {
        using var client = await RawClient.ConnectAsync(Provider.Port);
        for (var pair = 1; pair <= 1_000; pair++)
        {
            await client.SendAsync(request);
            Thread.SpinWait(random.Next(5_000));
            await client.SendAsync(request);
            await client.ReadUntilAsync($$"""{"n":{{2 * pair}}}""");
        }
    }
}
