using Penstock.Hosting;
using Penstock.Simulator;
using Penstock.Snapshot;

namespace Penstock.Core.Tests.Gateway;

/// <summary>Clients that send their bodies slowly, not at all, or too much.</summary>
public sealed class RequestBodyTests
{
    private const string Chat = """{"model":"m","messages":[]}""";

    private static CancellationToken Stop => Patience.Token;

    [Theory]
    [InlineData("/v1/chat/completions", "application/json", 27)]
    [InlineData("/v1/files", "application/octet-stream", 27)]
    [InlineData("/v1/files", "application/octet-stream", 20_000_000)]
    public async Task A_body_that_is_still_on_its_way_when_the_grace_period_ends_gets_a_503(string path, string contentType, int length)
    {
        await using var world = await TestWorld.StartAsync();
        await using var client = new RawClient(world);
        await client.SendAsync(RawClient.Head(path, $"Content-Length: {length}\r\n", contentType) + "\r\n" + Chat[..20]);
        var drain = world.Service<Drain>();
        var stop = Stop;
        while (drain.Running == 0)
        {
            stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Equal(1, await drain.FinishAsync(TimeSpan.Zero, TimeProvider.System));
        var answer = await client.ReadAnswerAsync();
        Assert.StartsWith("HTTP/1.1 503", answer, StringComparison.Ordinal);
        Assert.Contains("shutting down", answer, StringComparison.Ordinal);
        Assert.Equal(0, drain.Running);
    }

    [Fact]
    public async Task A_body_that_stalls_is_given_up_and_its_rest_is_not_the_next_request()
    {
        var time = new ManualTime();
        await using var world = await TestWorld.StartAsync(time: time, settings: new GatewaySettings { ClientMs = 5_000 });
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        await using var client = new RawClient(world);
        await client.SendAsync(RawClient.Head(headers: $"Content-Length: {Chat.Length}\r\n") + "\r\n" + Chat[..20]);
        await time.ArmedAsync(due => due == TimeSpan.FromMilliseconds(5_000)).WaitAsync(Stop);
        time.Advance(TimeSpan.FromMilliseconds(5_000));
        var answer = await client.ReadAnswerAsync();
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("client_ms", answer, StringComparison.Ordinal);

        await client.SendAsync(Chat[20..] + RawClient.Head(headers: $"Content-Length: {Chat.Length}\r\n") + "\r\n" + Chat);
        Assert.StartsWith("HTTP/1.1 200", await client.ReadAnswerAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunked_body_that_grows_too_large_is_refused_and_its_rest_is_not_the_next_request()
    {
        await using var world = await TestWorld.StartAsync(settings: new GatewaySettings { Limits = new GatewayLimits { JsonBytes = 100 } });
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        await using var client = new RawClient(world);
        await client.SendAsync(RawClient.Head(headers: "Transfer-Encoding: chunked\r\n") + "\r\n40\r\n" + new string(' ', 64) + "\r\n40\r\n" + new string(' ', 64) + "\r\n");
        Assert.StartsWith("HTTP/1.1 413", await client.ReadAnswerAsync(), StringComparison.Ordinal);

        await client.SendAsync("0\r\n\r\n" + RawClient.Head(headers: $"Content-Length: {Chat.Length}\r\n") + "\r\n" + Chat);
        Assert.StartsWith("HTTP/1.1 200", await client.ReadAnswerAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_in_headers_are_read_as_UTF_8_or_as_Latin_1()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.From(request => Reply.Json($$"""{"choices":[],"echo":{{request.BodyText}}}""")));
        foreach (var name in (string[])["Jos\u00e9", "Jos\u00c3\u00a9"])
        {
            await using var client = new RawClient(world);
            var config = $$$"""{"provider":"p0","override_params":{"user":"{{{name}}}"}}""";
            var head = RawClient.Head(headers: $"x-portkey-config: {config}\r\nContent-Length: {Chat.Length}\r\n");
            await client.SendAsync(head + "\r\n" + Chat);
            Assert.EndsWith("\"user\":\"Jos\u00e9\"}}", await client.ReadAnswerAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_NUL_in_a_header_is_refused()
    {
        await using var world = await TestWorld.StartAsync();
        await using var client = new RawClient(world);
        await client.SendAsync(RawClient.Head(headers: $"x-odd: a\0b\r\nContent-Length: {Chat.Length}\r\n") + "\r\n" + Chat);
        Assert.StartsWith("HTTP/1.1 400", await client.ReadAnswerAsync(), StringComparison.Ordinal);
    }
}
