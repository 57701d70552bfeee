using System.Net;
using System.Net.Sockets;
using Penstock.Transport;

namespace Penstock.Core.Tests.Transport;

public sealed class NameLookupsTests
{
    private static readonly IPAddress[] One = [IPAddress.Parse("93.184.215.14")];

    private readonly Dictionary<string, TaskCompletionSource<IPAddress[]>> _answers = new(StringComparer.OrdinalIgnoreCase);
    private readonly TestNetwork _network;

    public NameLookupsTests() => _network = new TestNetwork(name => Answer(name).Task);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Looks_a_name_up_once_however_many_wait()
    {
        var lookups = new NameLookups(_network, 4, 4);
        Task<IPAddress[]>[] waiting = [.. Enumerable.Range(0, 10).Select(i => lookups.ResolveAsync(i % 2 == 0 ? "a.example" : "A.Example", Stop))];
        Assert.Single(_network.Names);
        Answer("a.example").SetResult(One);

        foreach (var addresses in await Task.WhenAll(waiting)) Assert.Equal(One, addresses);
    }

    [Fact]
    public async Task Keeps_no_answer()
    {
        var lookups = new NameLookups(_network, 4, 4);
        Answer("a.example").SetResult(One);
        await lookups.ResolveAsync("a.example", Stop);
        await lookups.ResolveAsync("a.example", Stop);

        Assert.Equal(2, _network.Names.Count);
    }

    [Fact]
    public async Task Begins_the_next_when_one_ends()
    {
        var lookups = new NameLookups(_network, 2, 2);
        Task<IPAddress[]>[] waiting = [.. "abcd".Select(name => lookups.ResolveAsync($"{name}.example{name}", Stop))];
        Assert.Equal(2, _network.Names.Count);
        Answer("a.examplea").SetException(new SocketException((int)SocketError.HostNotFound));
        await Assert.ThrowsAsync<SocketException>(() => waiting[0]);
        Assert.Equal(["a.examplea", "b.exampleb", "c.examplec"], _network.Names);
        Answer("b.exampleb").SetResult(One);
        await waiting[1];
        Assert.Equal(4, _network.Names.Count);
    }

    [Theory]
    [InlineData("b.slow.example", 1)]
    [InlineData("slow.example", 1)]
    [InlineData("x.y.SLOW.example", 1)]
    [InlineData("a.quick.example", 2)]
    [InlineData("single", 2)]
    public void Gives_one_domain_a_share(string other, int running)
    {
        var lookups = new NameLookups(_network, 2, 1);
        _ = lookups.ResolveAsync("a.slow.example", Stop);
        _ = lookups.ResolveAsync(other, Stop);

        Assert.Equal(running, _network.Names.Count);
    }

    [Fact]
    public async Task Passes_over_a_domain_that_has_its_share()
    {
        var lookups = new NameLookups(_network, 2, 1);
        _ = lookups.ResolveAsync("a.slow.example", Stop);
        _ = lookups.ResolveAsync("b.slow.example", Stop);
        var busy = lookups.ResolveAsync("busy.other", Stop);
        _ = lookups.ResolveAsync("next.third", Stop);
        Assert.Equal(["a.slow.example", "busy.other"], _network.Names);
        Answer("busy.other").SetResult(One);
        await busy;

        Assert.Equal(["a.slow.example", "busy.other", "next.third"], _network.Names);
    }

    /// <summary>The resolver cannot be interrupted: what has begun counts until it ends, what has not is forgotten.</summary>
    [Fact]
    public async Task Forgets_what_nobody_waits_for()
    {
        var lookups = new NameLookups(_network, 1, 1);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var begun = lookups.ResolveAsync("begun.example", leaving.Token);
        var queued = lookups.ResolveAsync("queued.example", leaving.Token);
        var patient = lookups.ResolveAsync("patient.example", Stop);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => begun);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued);
        Assert.Equal(["begun.example"], _network.Names);
        Answer("begun.example").SetResult(One);
        Answer("patient.example").SetResult(One);
        await patient;

        Assert.Equal(["begun.example", "patient.example"], _network.Names);
    }

    [Fact]
    public async Task Asks_nothing_for_one_who_has_left_already()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new NameLookups(_network, 1, 1).ResolveAsync("a.example", new CancellationToken(canceled: true)));
        Assert.Empty(_network.Names);
    }

    [Fact]
    public async Task The_machines_own_network_knows_itself()
    {
        var network = new SystemNetwork();
        Assert.Contains(await network.ResolveAsync("localhost"), IPAddress.IsLoopback);
        await Assert.ThrowsAnyAsync<SocketException>(() => network.ResolveAsync("nothing.invalid"));
    }

    private TaskCompletionSource<IPAddress[]> Answer(string name)
    {
        if (!_answers.TryGetValue(name, out var answer)) _answers[name] = answer = new TaskCompletionSource<IPAddress[]>();
        return answer;
    }
}
