using System.IO.Compression;
using System.Text;
using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>
/// Answers in an encoding that nobody asked for: bombs, nested ones, unknown ones, cut ones. What cannot be undone is a
/// failure of that target, so the next one answers; a client never gets half of something as if it were whole.
/// </summary>
public sealed class EncodedAnswerTests
{
    private const string Document = """{"choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}]}""";

    private static readonly byte[] Events = Encoding.UTF8.GetBytes(
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hello\"},\"finish_reason\":null}]}\n\n"
        + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");

    public static TheoryData<string, string, bool> Broken => [..
        from fault in (string[])["zstd", "compress", "gzip;q=1", "\"gzip\"", "gzip gzip", "gzip, gzip, gzip", "aes128gcm", "not gzip", "not br", "not deflate", "cut gzip", "cut br", "cut deflate", "nothing gzip"]
        from isStream in (bool[])[false, true]
        select (fault, fault, isStream)];

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_cannot_be_undone_fails_its_target(string what, string fault, bool isStream)
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Providers[0].Always(Encoded(fault, isStream));

        var alone = await world.SendAsync(world.Chat(stream: isStream));
        if (!isStream)
        {
            Assert.True(alone.Status == 502, $"{what}: {alone.Status} {alone.Text}");
            Assert.Contains("p0", alone.ErrorMessage, StringComparison.Ordinal);
        }
        else
        {
            // The headers of a stream are out at once where no other attempt can follow.
            Assert.True(alone.Status == 502 || alone.Events[^1].Contains("\"error\"", StringComparison.Ordinal), $"{what}: {alone.Text}");
            Assert.DoesNotContain("[DONE]", alone.Text, StringComparison.Ordinal);
        }

        var answer = await world.SendAsync(world.Chat(Configs.Fallback(), isStream));
        Assert.Equal(200, answer.Status);
        Assert.Equal("config.targets[1]", answer.Leaf);
    }

    /// <summary>Nothing looks into what passes there, so only the header can tell.</summary>
    [Theory]
    [InlineData("zstd")]
    [InlineData("gzip;q=1")]
    [InlineData("\"gzip\"")]
    [InlineData("gzip gzip")]
    [InlineData("gzip, zstd")]
    public async Task Neither_does_it_pass_on_a_path_that_is_nobodys(string coding)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Encoded(coding, isStream: false));
        var answer = await world.SendAsync(world.Json("/v1/proxy/x", "{}"));

        Assert.Equal(502, answer.Status);
        Assert.Contains("encoding", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("x-gzip", "gzip")]
    [InlineData("GZip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("deflate", "deflate")]
    [InlineData("gzip, br", "gzip", "br")]
    [InlineData("identity, gzip", "gzip")]
    [InlineData("identity")]
    public async Task What_can_is_passed_plain(string header, params string[] applied)
    {
        await using var world = await TestWorld.StartAsync();
        foreach (var isStream in (bool[])[false, true])
        {
            var bytes = isStream ? Events : Encoding.UTF8.GetBytes(Document);
            foreach (var coding in applied) bytes = Encode(bytes, coding);
            world.Provider.Always(Whole(bytes, isStream).WithHeader("Content-Encoding", header));
            var answer = await world.SendAsync(world.Chat(stream: isStream));

            Assert.Equal("hello", isStream ? answer.StreamedText : answer.SaidText);
            Assert.False(answer.Message.Content.Headers.Contains("Content-Encoding"));
        }
    }

    /// <summary>The announced length and encoding are the whole body's, which is not there.</summary>
    [Theory]
    [InlineData("HEAD", 200)]
    [InlineData("GET", 204)]
    [InlineData("GET", 304)]
    public async Task An_encoding_of_no_body_is_none(string method, int status)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Empty(status).WithHeader("Content-Encoding", "gzip"));
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), "/v1/proxy/x");
        request.Headers.Add("x-portkey-provider", "p0");

        Assert.Equal(status, (await world.SendAsync(request)).Status);
    }

    /// <summary>1 GB of nothing in about a megabyte. The client hears of it by a broken connection, and long before the end.</summary>
    [Theory]
    [InlineData("gzip", "/v1/chat/completions")]
    [InlineData("gzip", "/v1/proxy/x")]
    [InlineData("deflate", "/v1/proxy/x")]
    [InlineData("br", "/v1/chat/completions")]
    [InlineData("br", "/v1/files/f/content")]
    public async Task A_bomb_is_cut(string coding, string path)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Bytes(Bomb(coding, "{"), "application/json").WithHeader("Content-Encoding", coding));
        using var response = await world.OpenAsync(world.Json(path, """{"model":"m","messages":[]}"""));
        var (bytes, isWhole) = await DrainAsync(response);

        Assert.False(isWhole);
        Assert.InRange(bytes, 1, 64 << 20);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_bomb_of_a_stream_ends_in_an_error(string coding)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Bytes(Bomb(coding, "data: "), "text/event-stream").WithHeader("Content-Encoding", coding));
        using var response = await world.OpenAsync(world.Chat(stream: true));
        await using var body = await response.Content.ReadAsStreamAsync(Patience.Token);
        var tail = new byte[4096];
        var buffer = new byte[64 << 10];
        long total = 0;
        for (int count; (count = await body.ReadAsync(buffer, Patience.Token)) > 0; total += count)
        {
            if (count >= tail.Length)
            {
                buffer.AsSpan(count - tail.Length, tail.Length).CopyTo(tail);
                continue;
            }

            tail.AsSpan(count).CopyTo(tail);
            buffer.AsSpan(0, count).CopyTo(tail.AsSpan(tail.Length - count));
        }

        Assert.InRange(total, 1, 64 << 20);
        Assert.Contains("content encoding", Encoding.UTF8.GetString(tail), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_bomb_in_an_error_costs_little(string coding)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Bytes(Bomb(coding, "{"), "application/json", 429).WithHeader("Content-Encoding", coding));
        var answer = await world.SendAsync(world.Chat());

        Assert.Equal(429, answer.Status);
        Assert.InRange(answer.Text.Length, 1, 8 << 20);
    }

    [Theory]
    [InlineData("cut gzip")]
    [InlineData("not br")]
    public async Task An_error_in_a_broken_encoding_keeps_its_status(string fault)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Encoded(fault, isStream: false).WithStatus(429));

        Assert.Equal(429, (await world.SendAsync(world.Chat())).Status);
    }

    private static HttpReply Encoded(string fault, bool isStream)
    {
        var plain = isStream ? Events : Encoding.UTF8.GetBytes(Document);
        var (kind, coding) = fault.Split(' ') is [("not" or "cut" or "nothing") and var how, var name] ? (how, name) : ("", fault);
        var bytes = kind switch
        {
            "not" => plain,
            "cut" => Encode(plain, coding)[..15],
            "nothing" => [],
            _ => Encode(plain, "gzip"),
        };
        return Whole(bytes, isStream).WithHeader("Content-Encoding", coding);
    }

    private static HttpReply Whole(byte[] bytes, bool isStream) => Reply.Bytes(bytes, isStream ? "text/event-stream" : "application/json");

    private static byte[] Encode(byte[] plain, string coding)
    {
        using var output = new MemoryStream();
        using (var encoder = Encoder(output, coding)) encoder.Write(plain);
        return output.ToArray();
    }

    private static byte[] Bomb(string coding, string start)
    {
        using var output = new MemoryStream();
        using (var encoder = Encoder(output, coding))
        {
            encoder.Write(Encoding.ASCII.GetBytes(start));
            var nothing = new byte[1 << 20];
            for (var i = 0; i < 1024; i++) encoder.Write(nothing);
        }

        return output.ToArray();
    }

    private static Stream Encoder(Stream output, string coding) => coding switch
    {
        "br" => new BrotliStream(output, CompressionLevel.Fastest, leaveOpen: true),
        "deflate" => new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true),
        _ => new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true),
    };

    private static async Task<(long Bytes, bool IsWhole)> DrainAsync(HttpResponseMessage response)
    {
        long total = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(Patience.Token);
            var buffer = new byte[64 << 10];
            for (int count; (count = await body.ReadAsync(buffer, Patience.Token)) > 0;) total += count;
            return (total, true);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return (total, false);
        }
    }
}
