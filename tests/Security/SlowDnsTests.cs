using System.Collections.Concurrent;
using System.Net;
using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>A name server that never answers holds up those who asked for its names, and nobody else.</summary>
public sealed class SlowDnsTests : IDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly IPAddress Public = IPAddress.Parse("93.184.215.14");

    private readonly ConcurrentDictionary<string, TaskCompletionSource<IPAddress[]>> _hanging = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _asked = new(0);
    private readonly ManualTime _time = new();

    public void Dispose() => _asked.Dispose();

    [Fact]
    public async Task The_connect_clock_ends_the_wait()
    {
        await using var world = await StartAsync();
        var asking = AskAsync(world, "a.slow.example");
        await _asked.WaitAsync(Patience.Token);
        _time.Advance(ConnectLimit);
        var answer = await asking;

        Assert.Equal(408, answer.Status);
        Assert.Contains("timeouts.connect_ms", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_domain_leaves_room_for_others()
    {
        await using var world = await StartAsync();
        Task<Answer>[] waiting = [.. Enumerable.Range(0, 200).Select(i => AskAsync(world, $"n{i}.slow.example"))];
        for (var i = 0; i < 4; i++) await _asked.WaitAsync(Patience.Token);

        Assert.Equal(200, (await AskAsync(world, "quick.example")).Status);
        Assert.Equal(200, (await AskAsync(world, null)).Status);
        Assert.Equal(4, _hanging.Count);

        var all = Task.WhenAll(waiting);
        while (!all.IsCompleted)
        {
            await Task.WhenAny(all, _time.ArmedAsync(due => due <= ConnectLimit)).WaitAsync(Patience.Token);
            _time.Advance(ConnectLimit);
        }

        foreach (var answer in await all) Assert.Equal(408, answer.Status);
        Assert.Equal(4, _hanging.Count);
    }

    /// <summary>All that callers may look up at once is in use; the operator's own providers are still found.</summary>
    [Fact]
    public async Task Callers_take_nothing_from_the_operator()
    {
        await using var world = await StartAsync();
        Task<Answer>[] waiting = [.. Enumerable.Range(0, 40).Select(i => AskAsync(world, $"slow.example{i}"))];
        for (var i = 0; i < 16; i++) await _asked.WaitAsync(Patience.Token);

        Assert.Equal(200, (await AskAsync(world, null)).Status);
        Assert.Equal(16, _hanging.Count);

        // As each look-up ends the next begins, and nobody has to ask again.
        foreach (var (_, answer) in _hanging) answer.SetResult([Public]);
        for (var i = 0; i < 16; i++) await _asked.WaitAsync(Patience.Token);
        foreach (var (_, answer) in _hanging) answer.TrySetResult([Public]);
        for (var i = 0; i < 8; i++) await _asked.WaitAsync(Patience.Token);
        foreach (var (_, answer) in _hanging) answer.TrySetResult([Public]);
        foreach (var answer in await Task.WhenAll(waiting)) Assert.Equal(200, answer.Status);
    }

    private async Task<Answer> AskAsync(TestWorld world, string? host)
    {
        var request = world.Chat();
        if (host is not null) request.Headers.Add("x-portkey-custom-host", $"http://{host}/v1");
        return await world.SendAsync(request);
    }

    private async Task<TestWorld> StartAsync()
    {
        TestWorld? world = null;
        var network = new TestNetwork(ResolveAsync, _ => new IPEndPoint(IPAddress.Loopback, world!.Provider.Port));
        return world = await TestWorld.StartAsync(network: network, time: _time, isLocal: false, options: new SimulatorOptions { AcceptsAnyHost = true }, file: _ => """
            { "providers": { "p0": { "base_url": "http://operators.test/v1" } } }
            """);
    }

    private Task<IPAddress[]> ResolveAsync(string name)
    {
        if (!name.Contains("slow", StringComparison.Ordinal)) return Task.FromResult<IPAddress[]>([Public]);
        var hanging = _hanging.GetOrAdd(name, _ => new TaskCompletionSource<IPAddress[]>(TaskCreationOptions.RunContinuationsAsynchronously));
        _asked.Release();
        return hanging.Task;
    }
}
