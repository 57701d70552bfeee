using System.Text;
using Penstock.Snapshot;
using Penstock.Transport;

namespace Penstock.Security.Tests;

/// <summary>
/// Providers whose answers are framed against the rules: the caller gets what is surely the answer, or a 502; never half
/// of one that looks whole, and never another request's.
/// </summary>
public sealed class UpstreamFramingTests
{
    private const string Json = """{"choices":[]}""";

    private const string Poison = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"poison\":true}";

    private static CancellationToken Stop => Patience.Token;

    private static string Ok(string headers, string body) => $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{headers}\r\n{body}";

    private static string Chunks(string body) => $"{body.Length:x}\r\n{body}\r\n0\r\n\r\n";

    /// <summary>What the provider sends, and what is relayed of it; null: a 502, or a connection that breaks.</summary>
    public static TheoryData<string, string, string?> Odd => new()
    {
        { "two framings", Ok("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", Chunks(Json)), Json },
        { "two framings, TE first", Ok("Transfer-Encoding: chunked\r\nContent-Length: 300\r\n", Chunks(Json)), Json },
        { "two lengths", Ok("Content-Length: 14\r\nContent-Length: 5\r\n", Json), null },
        { "two lengths, short first", Ok("Content-Length: 5\r\nContent-Length: 14\r\n", Json), null },
        { "a list of lengths", Ok("Content-Length: 5, 14\r\n", Json), null },
        { "the same length twice", Ok("Content-Length: 14\r\nContent-Length: 14\r\n", Json), Json },
        { "a length that is none", Ok("Content-Length: x\r\n", Json), null },
        { "a negative length", Ok("Content-Length: -14\r\n", Json), null },
        { "a length with a plus", Ok("Content-Length: +14\r\n", Json), null },
        { "a huge length", Ok("Content-Length: 99999999999999999999\r\n", Json), null },
        { "more than the length", Ok("Content-Length: 14\r\n", Json + "more"), Json },
        { "less than the length", Ok("Content-Length: 15\r\n", Json), null },
        { "another coding", Ok("Transfer-Encoding: xchunked\r\nContent-Length: 14\r\n", Chunks(Json)), null },
        { "a coding before chunked", Ok("Transfer-Encoding: gzip, chunked\r\n", Chunks(Json)), null },
        { "a chunk extension", Ok("Transfer-Encoding: chunked\r\n", $"e;x=\"y\"\r\n{Json}\r\n0\r\n\r\n"), Json },
        { "a trailer", Ok("Transfer-Encoding: chunked\r\nTrailer: x-odd\r\n", $"e\r\n{Json}\r\n0\r\nx-odd: 1\r\nContent-Length: 2\r\n\r\n"), Json },
        { "no last chunk", Ok("Transfer-Encoding: chunked\r\n", $"e\r\n{Json}\r\n"), null },
        { "a chunk that is cut", Ok("Transfer-Encoding: chunked\r\n", $"f\r\n{Json}"), null },
        { "a chunk size that is none", Ok("Transfer-Encoding: chunked\r\n", $"zz\r\n{Json}\r\n0\r\n\r\n"), null },
        { "a chunk size that overflows", Ok("Transfer-Encoding: chunked\r\n", $"1000000000000000e\r\n{Json}\r\n0\r\n\r\n"), null },
        { "a chunk longer than it says", Ok("Transfer-Encoding: chunked\r\n", $"2\r\n{Json}\r\n0\r\n\r\n"), null },
        { "a folded header", Ok("x-a: b\r\n Content-Length: 2\r\nContent-Length: 14\r\n", Json), Json },
        { "a header with a line feed", Ok("x-a: b\nSet-Cookie: c\r\nContent-Length: 14\r\n", Json), Json },
        { "a header with a carriage return", Ok("x-a: b\rSet-Cookie: c\r\nContent-Length: 14\r\n", Json), Json },
        { "a header with a NUL", Ok("x-a: b\0c\r\nContent-Length: 14\r\n", Json), Json },
        { "a header without a colon", Ok("x-a\r\nContent-Length: 14\r\n", Json), null },
        { "a space before the colon", Ok("Content-Length : 14\r\n", Json), Json },
        { "an old version with a length", Ok("Content-Length: 14\r\n", Json).Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal), Json },
        { "no length at all", Ok("", Json), Json },
        { "no length at all, and cut", Ok("", Json[..^1]), null },
        { "an old version without a length, and cut", Ok("", "{\"choices\":[").Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal), null },
        { "an unknown version", Ok("Content-Length: 14\r\n", Json).Replace("HTTP/1.1", "HTTP/9.9", StringComparison.Ordinal), null },
        { "hints first", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + Ok("Content-Length: 14\r\n", Json), Json },
        { "a large head", Ok($"x-large: {new string('x', 60_000)}\r\nContent-Length: 14\r\n", Json), Json },
        { "a huge head", Ok($"x-large: {new string('x', 200 << 10)}\r\nContent-Length: 14\r\n", Json), null },
        { "half a head", "HTTP/1.1 200 OK\r\nContent-Type: appl", null },
        { "half a status line", "HTTP/1.", null },
        { "nothing", "", null },
    };

    [Theory]
    [MemberData(nameof(Odd))]
    public async Task The_answer_or_a_502_and_the_next_request_gets_its_own(string what, string bytes, string? relayed)
    {
        foreach (var isPoisoned in (bool[])[false, true])
        {
            await using var provider = new RawServer(async connection =>
            {
                if ((await connection.ReadRequestAsync()).Length == 0) return;
                if (connection.Number == 1) await connection.Stream.WriteAsync(Encoding.Latin1.GetBytes(bytes + (isPoisoned ? Poison : "")), Stop);
                else await connection.AnswerAsync("""{"choices":[1]}""", "Content-Type: application/json\r\n");
                if (connection.Number > 1 || isPoisoned) await connection.ReadRequestAsync();
            });
            await using var world = await TestWorld.StartAsync();
            if (isPoisoned && (relayed is null || what.StartsWith("no length", StringComparison.Ordinal))) continue;
            var answer = await SendAsync(world, provider);
            if (relayed is null) Assert.True(answer.Status == 502 && answer.Text.Contains("upstream_error", StringComparison.Ordinal), $"{what}: {answer.Status} {answer.Text}");
            else Assert.True((answer.Status, answer.Text) == (200, relayed), $"{what}: {answer.Status} {answer.Text}");
            Assert.Null(answer.Header("Set-Cookie"));
            Assert.Equal("""{"choices":[1]}""", (await SendAsync(world, provider)).Text);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_document_that_is_cut_breaks_the_connection(bool isChunked)
    {
        var body = $$"""{"choices":[],"x":"{{new string('x', 1 << 20)}}""";
        await using var provider = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(Ok(isChunked ? "Transfer-Encoding: chunked\r\n" : "", isChunked ? $"{body.Length:x}\r\n{body}\r\n" : body));
        });
        await using var world = await TestWorld.StartAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SendAsync(world, provider));
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No\r\nContent-Length: 14\r\n\r\n" + Json)]
    [InlineData("HTTP/1.1 304 No\r\nContent-Length: 14\r\n\r\n" + Json)]
    [InlineData("HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\ne\r\n" + Json + "\r\n0\r\n\r\n")]
    public async Task A_body_where_none_may_be_is_nobodys(string bytes)
    {
        await using var provider = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            if (connection.Number == 1) await connection.WriteAsync(bytes);
            else await connection.AnswerAsync("""{"choices":[1]}""", "Content-Type: application/json\r\n");
            await connection.ReadRequestAsync();
        });
        await using var world = await TestWorld.StartAsync();
        var answer = await SendAsync(world, provider, "/v1/anything");
        Assert.True(answer.Status is 204 or 304);
        Assert.Equal("", answer.Text);
        Assert.Equal("""{"choices":[1]}""", (await SendAsync(world, provider)).Text);
    }

    [Theory]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n")]
    [InlineData("HTTP/1.1 199 Odd\r\nx-large: 1111111111111111111111111111111111111111111111111111111111\r\n\r\n")]
    public async Task Informational_answers_without_end_are_given_up(string one) =>
        await FloodAsync("", string.Concat(Enumerable.Repeat(one, 100)));

    [Fact]
    public async Task Headers_without_end_are_given_up() => await FloodAsync("HTTP/1.1 200 OK\r\n", string.Concat(Enumerable.Range(0, 100).Select(i => $"x-{i}: 1\r\n")));

    [Fact]
    public async Task A_line_without_end_is_given_up() => await FloodAsync("HTTP/1.1 200 ", new string('x', 1000));

    [Fact]
    public async Task An_answer_without_a_request_is_nobodys()
    {
        await using var provider = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();

            // In one write: what comes after the next request was sent would be its answer to anybody.
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Json.Length}\r\n\r\n{Json}{Poison}");
            await connection.ReadRequestAsync();
        });
        await using var world = await TestWorld.StartAsync();
        for (var i = 0; i < 5; i++) Assert.Equal(Json, (await SendAsync(world, provider)).Text);
    }

    /// <summary>Sends until the gateway hangs up, which must be long before any clock.</summary>
    private static async Task FloodAsync(string first, string again)
    {
        await using var provider = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(first);
            while (true) await connection.WriteAsync(again);
        });
        await using var world = await TestWorld.StartAsync(settings: new GatewaySettings { Clocks = Clocks.Unset });
        var answer = await SendAsync(world, provider);
        Assert.Equal(502, answer.Status);
        Assert.Contains("upstream_error", answer.Text, StringComparison.Ordinal);
    }

    private static Task<Answer> SendAsync(TestWorld world, RawServer provider, string path = "/v1/chat/completions")
    {
        var request = world.Json(path, """{"model":"m","messages":[]}""");
        request.Headers.Add("x-portkey-custom-host", provider.Uri("/v1").ToString());
        return world.SendAsync(request);
    }
}
