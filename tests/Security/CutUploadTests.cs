using Penstock.Hosting;

namespace Penstock.Security.Tests;

/// <summary>Uploads that end before they are whole, and providers that answer before they are.</summary>
public sealed class CutUploadTests
{
    private const string Bytes = "application/octet-stream";

    private readonly TaskCompletionSource _answered = new();

    private static CancellationToken Stop => Patience.Token;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_client_that_dies_in_its_upload_ends_the_upstream_call(bool isAnnounced, bool isReset)
    {
        var sent = new TaskCompletionSource();
        var ended = new TaskCompletionSource<long>();
        await using var provider = new RawServer(async connection =>
        {
            var total = 0L;
            var buffer = new byte[64 << 10];
            try
            {
                while (await connection.Stream.ReadAsync(buffer, connection.Stop) is > 0 and var count)
                {
                    total += count;
                    if (total > 1_000_000) sent.TrySetResult();
                }
            }
            catch (IOException)
            {
                // A reset is an end too.
            }

            ended.SetResult(total);
        });
        await using var world = await TestWorld.StartAsync();
        await using (var client = new RawClient(world))
        {
            var framing = isAnnounced ? "Content-Length: 20000000\r\n" : "Transfer-Encoding: chunked\r\n";
            await client.SendAsync(RawClient.Head("/v1/files", $"x-portkey-custom-host: {provider.Uri("/v1")}\r\n{framing}", Bytes) + "\r\n");
            await client.SendAsync(isAnnounced ? new string('x', 1_000_000) : $"{1_000_000:x}\r\n{new string('x', 1_000_000)}\r\n");
            await sent.Task.WaitAsync(Stop);
            if (isReset) client.Reset();
        }

        Assert.InRange(await ended.Task.WaitAsync(Stop), 1_000_000, 1_010_000);
        await NothingRunsAsync(world);
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n", "{\"model\":\"m\"")]
    [InlineData("Transfer-Encoding: chunked\r\n", "64\r\n{\"model\":\"m\"")]
    public async Task A_client_that_dies_in_its_JSON_calls_nobody(string framing, string body)
    {
        await using var world = await TestWorld.StartAsync();
        await using (var client = new RawClient(world))
        {
            await client.SendAsync(RawClient.Head(headers: framing) + "\r\n" + body);
            while (world.Service<Drain>().Running == 0) await Task.Yield();
        }

        await NothingRunsAsync(world);
        Assert.Empty(world.Provider.Requests);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\nzz\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n1000000000000001b\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "5\r\nhelloworld\r\n")]
    public async Task A_body_whose_framing_breaks_is_a_400_and_never_a_whole_upload(string framing, string body)
    {
        await using var provider = new RecordingServer("{}");
        await using var world = await TestWorld.StartAsync();
        foreach (var (path, contentType) in ((string, string)[])[("/v1/chat/completions", "application/json"), ("/v1/files", Bytes)])
        {
            await using var client = new RawClient(world);
            await client.SendAsync(RawClient.Head(path, provider.CustomHost + framing, contentType) + "\r\n" + body);
            var answer = await client.ReadAnswerAsync();
            Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
            Assert.Contains("\"type\":\"invalid_request_error\"", answer, StringComparison.Ordinal);
        }

        Assert.Empty(provider.Requests);
    }

    [Theory]
    [InlineData("/v1/files", Bytes, true, 1)]
    [InlineData("/v1/files", Bytes, true, 3)]
    [InlineData("/v1/files", Bytes, false, 1)]
    [InlineData("/v1/files", Bytes, false, 3)]
    [InlineData("/v1/chat/completions", "application/json", true, 1)]
    [InlineData("/v1/chat/completions", "application/json", true, 3)]
    public async Task A_provider_that_refuses_without_reading_is_heard_at_once(string path, string contentType, bool isAnnounced, int calls)
    {
        const string refusal = """{"error":{"message":"no such key"}}""";
        var zeros = 0L;
        var connections = 0;
        var closed = new TaskCompletionSource();
        await using var provider = new RawServer(async connection =>
        {
            Interlocked.Increment(ref connections);
            for (var i = 1; i < calls; i++)
            {
                if ((await connection.ReadRequestAsync()).Length == 0) return;
                await connection.AnswerAsync("{\"choices\":[]}", "Content-Type: application/json\r\n");
            }

            // The head and a little more, then the answer; the rest is left lying, and the connection stays open.
            var buffer = new byte[2_000];
            await connection.Stream.ReadExactlyAsync(buffer, connection.Stop);
            if (calls == 1) await connection.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await connection.WriteAsync($"HTTP/1.1 401 No\r\nContent-Type: application/json\r\nContent-Length: {refusal.Length}\r\n\r\n{refusal}");
            await _answered.Task.WaitAsync(connection.Stop);
            try
            {
                while (await connection.Stream.ReadAsync(buffer, connection.Stop) is > 0 and var count) zeros += buffer.AsSpan(0, count).Count((byte)0);
            }
            catch (IOException)
            {
                // A reset is an end too.
            }

            closed.TrySetResult();
        });
        await using var world = await TestWorld.StartAsync();
        for (var i = 1; i < calls; i++)
        {
            using var before = new HttpRequestMessage(HttpMethod.Post, "/v1/anything") { Content = new StringContent("{}", null, "application/json") };
            before.Headers.Add("x-portkey-provider", "p0");
            before.Headers.Add("x-portkey-custom-host", provider.Uri("/v1").ToString());
            Assert.Equal(200, (await world.SendAsync(before)).Status);
        }

        await using var client = new RawClient(world);
        var isUpload = contentType == Bytes;
        var body = isUpload ? new string('x', 8_000_000) : $$"""{"model":"m","messages":"{{new string('x', 8_000_000)}}"}""";
        var framing = isAnnounced ? $"Content-Length: {(isUpload ? 100_000_000 : body.Length)}\r\n" : "Transfer-Encoding: chunked\r\n";
        var head = RawClient.Head(path, $"x-portkey-custom-host: {provider.Uri("/v1")}\r\n{framing}", contentType) + "\r\n";
        var sending = client.SendAsync(head + (isAnnounced ? body : $"{body.Length:x}\r\n{body}\r\n"));
        var answer = await client.ReadAnswerAsync();
        Assert.StartsWith("HTTP/1.1 401", answer, StringComparison.Ordinal);
        Assert.Contains("no such key", answer, StringComparison.Ordinal);
        await sending;
        _answered.SetResult();
        await closed.Task.WaitAsync(Stop);
        Assert.Equal(0, zeros);
        Assert.Equal(1, connections);
        await NothingRunsAsync(world);
    }

    [Fact]
    public async Task A_provider_that_hangs_up_in_an_upload_is_noticed_while_the_client_rests()
    {
        await using var provider = new RawServer(async connection => await connection.Stream.ReadExactlyAsync(new byte[2_000], connection.Stop));
        await using var world = await TestWorld.StartAsync();
        await using var client = new RawClient(world);
        await client.SendAsync(RawClient.Head("/v1/files", $"x-portkey-custom-host: {provider.Uri("/v1")}\r\nContent-Length: 100000000\r\n", Bytes) + "\r\n" + new string('x', 2_000));
        Assert.StartsWith("HTTP/1.1 502", await client.ReadAnswerAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_answers_well_while_it_reads_gets_the_whole_upload()
    {
        const int bytes = 6_000_000;
        await using var provider = new RawServer(async connection =>
        {
            await connection.WriteAsync("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{ \r\n");
            var buffer = new byte[64 << 10];
            var total = 0;
            while (total < bytes) total += buffer.AsSpan(0, await connection.Stream.ReadAsync(buffer, connection.Stop)).Count((byte)'#');
            await connection.WriteAsync("1\r\n}\r\n0\r\n\r\n");
        });
        await using var world = await TestWorld.StartAsync();
        await using var client = new RawClient(world);
        await client.SendAsync(RawClient.Head("/v1/files", $"x-portkey-custom-host: {provider.Uri("/v1")}\r\nContent-Length: {bytes}\r\n", Bytes) + "\r\n");
        await client.SendAsync(new string('#', bytes));
        Assert.StartsWith("HTTP/1.1 200", await client.ReadAnswerAsync(), StringComparison.Ordinal);
    }

    private static async Task NothingRunsAsync(TestWorld world)
    {
        var stop = Stop;
        while (world.Service<Drain>().Running > 0)
        {
            stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
