using System.Net;
using Penstock.Pipeline;
using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>A gateway whose upstream is itself.</summary>
public sealed class LoopTests
{
    [Fact]
    public async Task A_gateway_that_calls_itself_ends_after_a_few_rounds()
    {
        await using var world = await StartAsync("""{"provider":"self"}""");
        var answer = await world.SendAsync(Request(world));

        Assert.Equal(508, answer.Status);
        Assert.Contains("leads back to Penstock", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(HopCount.Max, world.Network.Called.Count);
    }

    [Theory]
    [InlineData("""{"provider":"p0","custom_host":"http://gateway.example/v1"}""")]
    [InlineData("""{"provider":"p0","retry":{"attempts":3},"custom_host":"http://gateway.example/v1"}""")]
    public async Task So_does_a_custom_host(string config)
    {
        await using var world = await StartAsync(config);

        Assert.Equal(508, (await world.SendAsync(Request(world))).Status);
        Assert.Equal(HopCount.Max, world.Network.Called.Count);
    }

    /// <summary>Two ways round at each turn: the bound keeps their number small, and the last target still answers.</summary>
    [Fact]
    public async Task A_fallback_goes_on_after_a_loop()
    {
        await using var world = await StartAsync("""{"strategy":{"mode":"fallback"},"targets":[{"provider":"self"},{"provider":"p0"}]}""");
        var answer = await world.SendAsync(Request(world));

        Assert.Equal(200, answer.Status);
        Assert.InRange(world.Provider.RequestCount, 1, HopCount.Max);
    }

    [Fact]
    public async Task One_gateway_behind_another_is_fine()
    {
        await using var world = await StartAsync("""{"provider":"p0"}""");
        for (var hops = 1; hops < HopCount.Max; hops++)
        {
            var request = Request(world);
            request.Headers.Add(HopCount.Header, $"{hops}");
            Assert.Equal(200, (await world.SendAsync(request)).Status);
            Assert.Equal($"{hops + 1}", world.Provider.Requests[^1].Headers[HopCount.Header]);
        }

        Assert.Equal(200, (await world.SendAsync(Request(world))).Status);
        Assert.Equal("1", world.Provider.Requests[^1].Headers[HopCount.Header]);
    }

    [Theory]
    [InlineData("4", 508)]
    [InlineData("0", 400)]
    [InlineData("5", 400)]
    [InlineData("-1", 400)]
    [InlineData("01", 400)]
    [InlineData("99999999999999999999", 400)]
    [InlineData("1, 1", 400)]
    [InlineData("x", 400)]
    [InlineData("", 400)]
    public async Task Nobody_else_counts(string hops, int status)
    {
        await using var world = await StartAsync("""{"provider":"p0"}""");
        foreach (var path in (string[])["/v1/chat/completions", "/v1/proxy/x", "/v1/models", "/v1/files"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("x-portkey-provider", "p0");
            request.Headers.TryAddWithoutValidation(HopCount.Header, hops);
            Assert.Equal(status, (await world.SendAsync(request)).Status);
        }

        Assert.Equal(0, world.Provider.RequestCount);
    }

    private static HttpRequestMessage Request(World world)
    {
        var request = world.Inner.Chat();
        request.Headers.Remove("x-portkey-provider");
        return request;
    }

    /// <summary>The name of the gateway leads to the gateway, all others to the provider.</summary>
    private static async Task<World> StartAsync(string config)
    {
        TestWorld? inner = null;
        var network = new TestNetwork(
            name => [IPAddress.Parse(name == "gateway.example" ? "93.184.215.14" : "8.8.8.8")],
            endpoint => endpoint.Address.Equals(IPAddress.Parse("8.8.8.8")) ? new IPEndPoint(IPAddress.Loopback, inner!.Provider.Port) : IPEndPoint.Parse(inner!.Address[7..]));
        inner = await TestWorld.StartAsync(network: network, options: new SimulatorOptions { AcceptsAnyHost = true }, file: _ => $$"""
            {
              "providers": { "self": { "base_url": "http://gateway.example/v1" }, "p0": { "base_url": "http://provider.example/v1" } },
              "default_config": {{config}},
              "allowed_hosts": ["gateway.example"]
            }
            """);
        return new World(inner, network);
    }

    private sealed record World(TestWorld Inner, TestNetwork Network) : IAsyncDisposable
    {
        public ProviderSimulator Provider => Inner.Provider;

        public Task<Answer> SendAsync(HttpRequestMessage request) => Inner.SendAsync(request);

        public ValueTask DisposeAsync() => Inner.DisposeAsync();
    }
}
