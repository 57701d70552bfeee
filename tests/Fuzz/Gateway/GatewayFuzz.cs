using System.Collections.Concurrent;
using System.Text.Json;
using Penstock.Auth;
using Penstock.Fuzz.Tests.References;
using Penstock.Http;
using Penstock.Providers;
using Penstock.Simulator;
using Penstock.Snapshot;

namespace Penstock.Fuzz.Tests.Gateway;

/// <summary>
/// The whole gateway on sockets: whatever comes from a client or from a provider, there is an answer within the time, it
/// is none of a bug of ours, and the next plain request is served.
/// </summary>
public sealed class GatewayFuzz
{
    private readonly ConcurrentQueue<string> _leaks = [];
    private int _served;

    [Fact]
    public Task Any_request_is_answered_honestly() =>
        RunAsync(world => new FuzzTarget<RequestCase>(RequestCase.Create, one => CheckAsync(world, one), RequestCase.Smaller, one => one.ToString(), 250));

    [Fact]
    public Task Any_bytes_are_answered_or_the_connection_ends() =>
        RunAsync(world => new FuzzTarget<CutStream>(CreateBytes, one => CheckBytesAsync(world, one), CutStream.Smaller, one => one.ToString(), 150));

    private static CutStream CreateBytes(Dice dice)
    {
        var request = RequestCase.Create(dice).ToBytes();
        var end = request.AsSpan().IndexOf("\r\n\r\n"u8) + 2;

        // Damage to the head; what makes it wait for a body that never comes is another test's.
        var head = Mutator.Damage(dice, request[..end]);
        return new CutStream([.. head, .. request[end..]], Cuts.Choose(dice));
    }

    private async Task RunAsync<T>(Func<TestWorld, FuzzTarget<T>> target)
        where T : class
    {
        await using var world = await TestWorld.StartAsync(providers: 2, options: new SimulatorOptions { RecordRequests = false });

        // The simulated providers alone: no request may leave this machine.
        var source = world.Service<SnapshotSource>();
        source.Replace(new GatewaySnapshot { Settings = source.Current.Settings, Catalogue = new Catalogue(source.Current.Catalogue.Rows.Where(row => row.IsCustom)) });
        await target(world).RunAsync();
    }

    private async Task CheckAsync(TestWorld world, RequestCase one)
    {
        for (var i = 0; i < 2; i++) Answer(world.Providers[i], ProviderFaults.Of(one.Faults[i]));
        var calls = world.Providers.Sum(provider => provider.RequestCount);
        var answer = await RawExchange.RunAsync(new Uri(world.Address), Cuts.Apply(one.ToBytes(), one.Cuts), one.IsHead);
        var wasCalled = world.Providers.Sum(provider => provider.RequestCount) > calls;

        AssertNoBug(answer);

        // An answer that breaks off in the middle is cut, and the cut may overtake its beginning.
        if (answer.Status == 0 && wasCalled && one.Faults.Any(fault => fault > 0)) return;
        Assert.InRange(answer.Status, 200, 999);

        // With dots the server may take the path for one that is not the API's.
        Assert.True(RequestTarget.HasDotSegments(one.Target) || !string.IsNullOrWhiteSpace(answer.Header("x-portkey-trace-id")), answer.Head);

        // What a provider says on an untyped path passes as it is.
        var isChat = RouteTable.Find(one.Method, one.Target.Split('?')[0]) == Operation.Chat;
        if (answer.Status >= 400 && !one.IsHead && (isChat || !wasCalled)) AssertError(answer);
        if (answer.Status == 200 && answer.IsWhole && isChat && answer.Header("Content-Type")?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true) AssertEnds(answer);
        await AssertServesAsync(world);
    }

    private async Task CheckBytesAsync(TestWorld world, CutStream one)
    {
        foreach (var provider in world.Providers) Answer(provider, Reply.Default.ClosingConnection());

        // A damaged length could make the gateway wait for more: the end of what is sent ends the waiting.
        var answer = await RawExchange.RunAsync(new Uri(world.Address), Cuts.Apply(one.Stream, one.Cuts), isHead: true, endsSending: true);
        AssertNoBug(answer);
        await AssertServesAsync(world);
    }

    /// <summary>What reaches a provider has no control characters in its head, whatever the client wrote.</summary>
    private void Answer(ProviderSimulator provider, Reply reply) => provider.Always(Reply.From(request =>
    {
        if (request.RawTarget.Any(char.IsControl)) _leaks.Enqueue("target " + Show.Text(request.RawTarget));
        foreach (var (name, value) in request.Headers)
        {
            if (name.Any(char.IsControl) || value.Any(one => char.IsControl(one) && one is not '\t' and < (char)128)) _leaks.Enqueue(Show.Text($"{name}: {value}"));
            if (CallerCredential.IsOurs(value)) _leaks.Enqueue("a key of the gateway: " + Show.Text($"{name}: {value}"));
        }

        return reply;
    }));

    private void AssertNoBug(RawExchange answer)
    {
        Assert.DoesNotContain("internal_error", Show.Bytes(answer.Body), StringComparison.Ordinal);
        string[] leaks = [.. _leaks];
        _leaks.Clear();
        Assert.Empty(leaks);
    }

    private static void AssertError(RawExchange answer)
    {
        Assert.True(answer.IsWhole);
        Assert.Equal("application/json", answer.Header("Content-Type"));
        using var body = JsonDocument.Parse(answer.Body);
        Assert.NotEmpty(body.RootElement.GetProperty("error").GetProperty("message").GetString()!);
    }

    /// <summary>A stream that came to a clean end says so, or says why not.</summary>
    private static void AssertEnds(RawExchange answer)
    {
        var events = ReferenceEvents.Read(answer.Body);
        Assert.Contains(events, item => item.Data.Trim() == "[DONE]" || item.Name == "error" || item.Data.Contains("\"error\"", StringComparison.Ordinal));
    }

    /// <summary>Every few requests a plain one, which must go well.</summary>
    private async Task AssertServesAsync(TestWorld world)
    {
        if (++_served % 10 > 0) return;
        foreach (var provider in world.Providers) provider.Always(null);
        var answer = await world.SendAsync(world.Chat());
        Assert.Equal(200, answer.Status);
        Assert.NotEmpty(answer.SaidText);
    }
}
