using System.Text;
using Penstock.Simulator;
using Penstock.Snapshot;

namespace Penstock.Security.Tests;

/// <summary>Bodies that are too large, too deep or too wide: a 413 or a 400 that says so, and no memory for it.</summary>
public sealed class BodyLimitTests
{
    private const string Json = "application/json";
    private const string Form = "multipart/form-data; boundary=b";
    private const string Bytes = "application/octet-stream";

    private static readonly GatewayLimits Small = new() { JsonBytes = 1 << 20, MultipartBytes = 2 << 20, UploadBytes = 3 << 20, ReplayBytes = 1 << 10 };

    private static CancellationToken Stop => Patience.Token;

    [Theory]
    [InlineData("/v1/chat/completions", Json, 1)]
    [InlineData("/v1/anything", Json, 1)]
    [InlineData("/v1/audio/transcriptions", Form, 2)]
    [InlineData("/v1/images/edits", Form, 2)]
    [InlineData("/v1/anything", Form, 2)]
    [InlineData("/v1/files", Form, 3)]
    [InlineData("/v1/files", Bytes, 3)]
    [InlineData("/v1/anything", Bytes, 3)]
    public async Task Each_kind_has_a_limit_of_its_own(string path, string contentType, int megabytes)
    {
        await using var world = await TestWorld.StartAsync(settings: new GatewaySettings { Limits = Small });
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        foreach (var isAnnounced in (bool[])[true, false])
        {
            Assert.Equal(200, (await SendAsync(world, path, contentType, (megabytes << 20) - 100, isAnnounced)).Status);
            var answer = await SendAsync(world, path, contentType, (megabytes << 20) + 1, isAnnounced);
            Assert.Equal(413, answer.Status);
            Assert.Equal("body_too_large", answer.Json.GetProperty("error").GetProperty("code").GetString());
            Assert.Equal("failure", answer.Json.GetProperty("status").GetString());
            Assert.Contains($"larger than {megabytes} MB", answer.ErrorMessage, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_standard_limits_are_32_100_and_512_MB()
    {
        await using var world = await TestWorld.StartAsync();
        foreach (var (path, type, megabytes) in ((string, string, long)[])[("/v1/chat/completions", Json, 32), ("/v1/images/edits", Form, 100), ("/v1/files", Form, 512), ("/v1/anything", Bytes, 512)])
        {
            await using var client = new RawClient(world);
            await client.SendAsync(RawClient.Head(path, $"Content-Length: {(megabytes << 20) + 1}\r\n", type) + "\r\n");
            var answer = await client.ReadAnswerAsync();
            Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
            Assert.Contains($"{megabytes} MB", answer, StringComparison.Ordinal);
        }

        Assert.Empty(world.Provider.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_upload_that_goes_over_never_reaches_the_provider_as_a_whole_one(bool answersEarly)
    {
        var ended = new TaskCompletionSource<string>();
        await using var provider = new RawServer(async connection =>
        {
            var received = new StringBuilder();
            var buffer = new byte[64 << 10];
            if (answersEarly) await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n");
            try
            {
                while (await connection.Stream.ReadAsync(buffer, connection.Stop) is > 0 and var count) received.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
            catch (IOException)
            {
                // A reset is an end too.
            }

            ended.SetResult(received.ToString());
        });
        await using var world = await TestWorld.StartAsync(settings: new GatewaySettings { Limits = Small });
        using var request = Request("/v1/files", Bytes, new EndlessContent(5 << 20, isAnnounced: false));
        request.Headers.Add("x-portkey-custom-host", provider.Uri("/v1").ToString());
        Assert.Equal(413, (await world.SendAsync(request)).Status);
        var sent = await ended.Task.WaitAsync(Stop);
        Assert.Contains("Transfer-Encoding: chunked", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n0\r\n", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_megabytes_of_nothing_are_refused()
    {
        await using var world = await TestWorld.StartAsync();
        foreach (var isAnnounced in (bool[])[true, false])
        {
            Assert.Equal(413, (await SendAsync(world, "/v1/chat/completions", Json, 100 << 20, isAnnounced)).Status);
        }

        var answer = await SendAsync(world, "/v1/chat/completions", Json, 20 << 20, isAnnounced: true);
        Assert.Equal(400, answer.Status);
        Assert.Contains("no body", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Empty(world.Provider.Requests);
    }

    [Theory]
    [InlineData("deep objects", "{\"a\":", "}")]
    [InlineData("deep arrays", "[", "]")]
    public async Task Deep_JSON_is_refused(string what, string open, string close)
    {
        await using var world = await TestWorld.StartAsync();
        var body = "{\"model\":\"m\",\"x\":" + string.Concat(Enumerable.Repeat(open, 100_000)) + "1" + string.Concat(Enumerable.Repeat(close, 100_000)) + "}";
        var answer = await world.SendAsync(world.Json("/v1/chat/completions", body));
        Assert.True(answer.Status == 400, what);
        Assert.Contains("nested deeper than 256 levels", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_million_members_are_refused_at_the_top_and_pass_below()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var members = string.Join(',', Enumerable.Range(0, 1_000_000).Select(i => $"\"m{i}\":{i}"));
        var answer = await world.SendAsync(world.Json("/v1/chat/completions", "{" + members + "}"));
        Assert.Equal(400, answer.Status);
        Assert.Contains("top-level members", answer.ErrorMessage, StringComparison.Ordinal);

        var body = "{\"model\":\"m\",\"metadata\":{" + members + "}}";
        Assert.Equal(200, (await world.SendAsync(world.Json("/v1/chat/completions", body))).Status);
        Assert.Equal(body, (await world.Provider.NextRequestAsync(Stop)).BodyText);
    }

    [Fact]
    public async Task Headers_have_limits()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var plain = "Content-Length: 2\r\n";
        Assert.Equal("200", await StatusAsync(world, plain + $"x-large: {new string('x', 120 << 10)}\r\n"));
        Assert.Equal("431", await StatusAsync(world, plain + $"x-large: {new string('x', 129 << 10)}\r\n"));
        Assert.Equal("200", await StatusAsync(world, plain + Many(190)));
        Assert.Equal("431", await StatusAsync(world, plain + Many(200)));
        Assert.Equal("414", await StatusAsync(world, plain, "/v1/" + new string('x', 33 << 10)));

        static string Many(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"x-{i}: 1\r\n"));
    }

    private static async Task<string> StatusAsync(TestWorld world, string headers, string path = "/v1/chat/completions")
    {
        await using var client = new RawClient(world);
        await client.SendAsync(RawClient.Head(path, headers) + "\r\n{}");
        return (await client.ReadAnswerAsync())["HTTP/1.1 ".Length..][..3];
    }

    private static async Task<Answer> SendAsync(TestWorld world, string path, string contentType, int bytes, bool isAnnounced)
    {
        HttpContent content = new EndlessContent(bytes, isAnnounced, contentType == Json && bytes < 4 << 20 ? "{\"model\":\"m\"}" : "");
        using var request = Request(path, contentType, content);
        return await world.SendAsync(request);
    }

    private static HttpRequestMessage Request(string path, string contentType, HttpContent content)
    {
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Add("x-portkey-provider", "p0");
        return request;
    }
}
