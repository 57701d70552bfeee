using System.Text;

namespace Penstock.Security.Tests;

/// <summary>Bodies that are still on their way when their request is answered: what remains of them is theirs, or is not sent.</summary>
public sealed class LateBodyTests
{
    private const int Length = 24 << 20;

    private static CancellationToken Stop => Patience.Token;

    /// <summary>
    /// A call is given up while its body is stuck on its way: the client left, or a clock ran out. What the provider still
    /// gets of it, while the gateway serves others, is of that body.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_is_stuck_when_its_call_is_given_up_is_still_its_own(bool clientLeaves)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Simulator.Reply.Json("""{"choices":[]}"""));
        var hasBegun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var received = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var provider = new RawServer(async connection =>
        {
            await connection.Stream.ReadExactlyAsync(new byte[4096], connection.Stop);
            hasBegun.SetResult();
            await mayRead.Task;
            using var rest = new MemoryStream();
            try
            {
                await connection.Stream.CopyToAsync(rest, connection.Stop);
            }
            catch (IOException)
            {
                // The gateway hung up.
            }

            received.SetResult(rest.ToArray());
        });
        var config = $$"""{"strategy":{"mode":"fallback"},"targets":[{"provider":"p0","custom_host":"{{provider.Uri("/v1")}}","request_timeout":{{(clientLeaves ? 60_000 : 200)}}},{"provider":"p0"}]}""";
        var request = world.Json("/v1/chat/completions", $$"""{"model":"m","messages":"{{new string('a', Length)}}"}""", config);
        using var leaving = new CancellationTokenSource();
        var sending = world.Client.SendAsync(request, leaving.Token);
        await hasBegun.Task.WaitAsync(Stop);
        if (clientLeaves)
        {
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        }
        else
        {
            using var answer = await sending.WaitAsync(Stop);
            Assert.Equal(200, (int)answer.StatusCode);
        }

        for (var i = 0; i < 4; i++) Assert.Equal(200, (await world.SendAsync(world.Chat(text: new string('b', Length)))).Status);
        mayRead.SetResult();
        Assert.False((await received.Task.WaitAsync(Stop)).AsSpan().ContainsAny((byte)'b', PoisonPool.Pattern), "A byte that is not of this body.");
    }

    /// <summary>
    /// An upload passes as it arrives. When the provider breaks it off, what the client still sends of it, and the request that
    /// follows on the same connection, go nowhere near the old call.
    /// </summary>
    [Theory]
    [InlineData("reset")]
    [InlineData("early answer")]
    [InlineData("early answer and silence")]
    [InlineData("close")]
    [InlineData("clock")]
    public async Task An_upload_that_failed_takes_no_byte_of_the_next_request(string what)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Simulator.Reply.Json("""{"choices":[],"second":true}"""));
        var all = new MemoryStream();
        var hasBegun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var provider = new RawServer(async connection =>
        {
            var buffer = new byte[4096];
            var count = await connection.Stream.ReadAsync(buffer, connection.Stop);
            lock (all) all.Write(buffer, 0, count);
            hasBegun.TrySetResult();
            if (what.StartsWith("early", StringComparison.Ordinal)) await connection.WriteAsync("HTTP/1.1 413 Too Large\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
            if (what == "reset") connection.Reset();
            if (what is "reset" or "close") return;
            while (what == "early answer" && (count = await connection.Stream.ReadAsync(buffer, connection.Stop)) > 0)
            {
                lock (all) all.Write(buffer, 0, count);
            }

            await connection.ClosedAsync();
        });
        await using var client = new RawClient(world);
        await client.SendAsync(RawClient.Head("/v1/files", $"x-portkey-custom-host: {provider.Uri("/v1")}\r\n{(what == "clock" ? "x-portkey-request-timeout: 100\r\n" : "")}Transfer-Encoding: chunked\r\n", "application/octet-stream") + "\r\n5\r\nfirst\r\n");
        await hasBegun.Task.WaitAsync(Stop);
        await client.SendAsync("4\r\nmore\r\n0\r\n\r\n");
        var first = await client.ReadAnswerAsync();
        Assert.Matches("^HTTP/1.1 (413|502|408) ", first);
        if (first.Contains("Connection: close", StringComparison.OrdinalIgnoreCase)) return;

        const string second = """{"model":"second","messages":[]}""";
        await client.SendAsync(RawClient.Head(headers: $"Content-Length: {second.Length}\r\n") + "\r\n" + second);
        var answer = await client.ReadAnswerAsync();
        Assert.Contains("\"second\":true", answer, StringComparison.Ordinal);
        Assert.Equal(second, (await world.Provider.NextRequestAsync(Stop)).BodyText);
        lock (all) Assert.DoesNotContain("second", Encoding.Latin1.GetString(all.ToArray()), StringComparison.Ordinal);
    }
}
