using System.Collections.Concurrent;
using System.Net;
using Penstock.Simulator;
using Penstock.Snapshot;

namespace Penstock.Security.Tests;

/// <summary>
/// DNS answers that change between the check and the call (rebinding), or that lead inside from the start. A name is
/// resolved once for a connection, and the address that was judged is the one that is called.
/// </summary>
public sealed class ChangingDnsTests
{
    private static readonly IPAddress Public = IPAddress.Parse("93.184.215.14");

    [Fact]
    public async Task A_name_that_turns_inside_is_called_no_more()
    {
        var answers = new ConcurrentQueue<IPAddress>([Public, IPAddress.Loopback, Public]);
        await using var world = await StartAsync(_ => answers.TryDequeue(out var next) ? [next] : [IPAddress.Loopback], out var network);
        world.Provider.Always(Reply.Json("{\"choices\":[]}").ClosingConnection());

        Assert.Equal(200, (await AskAsync(world)).Status);
        var refused = await AskAsync(world);
        Assert.Equal(502, refused.Status);
        Assert.Contains("The host 'turning.example' leads to an address that may not be called.", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(200, (await AskAsync(world)).Status);

        Assert.Equal(3, network.Names.Count);
        Assert.All(network.Called, endpoint => Assert.Equal(Public, endpoint.Address));
    }

    /// <summary>Somebody who asked twice, once to check and once to call, would be told two things.</summary>
    [Fact]
    public async Task The_address_that_was_judged_is_the_one_that_is_called()
    {
        var asked = 0;
        await using var world = await StartAsync(_ => [Interlocked.Increment(ref asked) % 2 == 1 ? Public : IPAddress.Loopback], out var network);
        world.Provider.Always(Reply.Json("{\"choices\":[]}").ClosingConnection());
        for (var i = 0; i < 10; i++) await AskAsync(world);

        Assert.Equal(10, asked);
        Assert.Equal(5, network.Called.Count);
        Assert.All(network.Called, endpoint => Assert.Equal(Public, endpoint.Address));
    }

    /// <summary>A kept-alive connection has proven where it leads, whatever its name means by now.</summary>
    [Fact]
    public async Task A_connection_that_stands_stays_where_it_is()
    {
        var answers = new ConcurrentQueue<IPAddress>([Public]);
        await using var world = await StartAsync(_ => answers.TryDequeue(out var next) ? [next] : [IPAddress.Loopback], out var network);
        for (var i = 0; i < 3; i++) Assert.Equal(200, (await AskAsync(world)).Status);

        Assert.Single(network.Names);
        Assert.Equal(1, world.Provider.ConnectionCount);
    }

    [Fact]
    public async Task Of_a_mixed_answer_only_what_may_be_called_is_called()
    {
        await using var world = await StartAsync(_ => [IPAddress.IPv6Loopback, IPAddress.Parse("10.0.0.1"), Public, IPAddress.Parse("169.254.169.254")], out var network);

        Assert.Equal(200, (await AskAsync(world)).Status);
        Assert.Equal([Public], network.Called.Select(endpoint => endpoint.Address));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.8.8")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("192.168.0.1")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("168.63.129.16")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b:1::10.0.0.1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001:0:7f00:1::")]
    [InlineData("fc00::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    [InlineData("fd00:ec2::254")]
    public async Task A_name_that_leads_inside_is_not_called(string address)
    {
        await using var world = await StartAsync(_ => [IPAddress.Parse(address)], out var network);
        var answer = await AskAsync(world);

        Assert.Equal(502, answer.Status);
        Assert.DoesNotContain(address, answer.Text, StringComparison.Ordinal);
        Assert.Empty(network.Called);
    }

    /// <summary>What the operator trusts may be inside, but never a service that hands out the machine's credentials.</summary>
    [Fact]
    public async Task A_trusted_name_leads_anywhere_but_to_metadata()
    {
        var answers = new ConcurrentQueue<IPAddress>([IPAddress.Parse("10.0.0.1"), IPAddress.Parse("169.254.169.254"), IPAddress.Parse("64:ff9b::169.254.169.254")]);
        await using var world = await StartAsync(_ => answers.TryDequeue(out var next) ? [next] : [], out var network, trusted: "turning.example");
        world.Provider.Always(Reply.Json("{\"choices\":[]}").ClosingConnection());

        Assert.Equal(200, (await AskAsync(world)).Status);
        Assert.Equal(502, (await AskAsync(world)).Status);
        Assert.Equal(502, (await AskAsync(world)).Status);
        Assert.Equal([IPAddress.Parse("10.0.0.1")], network.Called.Select(endpoint => endpoint.Address));
    }

    /// <summary>The repeat on a connection of its own is held to the same rule.</summary>
    [Fact]
    public async Task The_repeat_after_a_dead_connection_is_judged_too()
    {
        var answers = new ConcurrentQueue<IPAddress>([Public]);
        await using var world = await StartAsync(_ => answers.TryDequeue(out var next) ? [next] : [IPAddress.Loopback], out var network);
        world.Provider.Always(Reply.CloseIdleConnectionOnReuse());

        Assert.Equal(200, (await AskAsync(world)).Status);
        Assert.Equal(502, (await AskAsync(world)).Status);
        Assert.Equal([Public], network.Called.Select(endpoint => endpoint.Address));
    }

    [Fact]
    public async Task A_fallback_goes_on_after_a_host_that_leads_inside()
    {
        await using var world = await StartAsync(name => name == "public.example" ? [Public] : [IPAddress.Loopback], out _);
        var answer = await world.SendAsync(world.Chat("""
            {"strategy":{"mode":"fallback"},"targets":[{"provider":"p0","custom_host":"http://turning.example/v1"},{"provider":"p0","custom_host":"http://public.example/v1"}]}
            """.ReplaceLineEndings("")));

        Assert.Equal(200, answer.Status);
        Assert.Equal("config.targets[1]", answer.Leaf);
    }

    private static Task<Answer> AskAsync(TestWorld world)
    {
        var request = world.Chat();
        request.Headers.Add("x-portkey-custom-host", "http://turning.example/v1");
        return world.SendAsync(request);
    }

    /// <summary>Every address but loopback is the provider's.</summary>
    private static Task<TestWorld> StartAsync(Func<string, IPAddress[]> resolve, out TestNetwork network, string trusted = "other.example")
    {
        TestWorld? world = null;
        var made = network = new TestNetwork(resolve, endpoint => IPAddress.IsLoopback(endpoint.Address) ? null : new IPEndPoint(IPAddress.Loopback, world!.Provider.Port));
        return StartedAsync();

        async Task<TestWorld> StartedAsync() => world = await TestWorld.StartAsync(
            network: made,
            isLocal: false,
            options: new SimulatorOptions { AcceptsAnyHost = true },
            settings: new GatewaySettings { TrustedHosts = [trusted] });
    }
}
