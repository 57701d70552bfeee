using System.Net;
using System.Security.Cryptography;
using System.Text;
using Penstock.Simulator;

namespace Penstock.Core.Tests.Gateway;

/// <summary>What the gateway does not change: bodies, paths, methods, statuses.</summary>
public sealed class PassThroughTests
{
    private static CancellationToken Stop => Patience.Token;

    [Fact]
    public async Task A_chat_reaches_the_provider_and_its_answer_comes_back_byte_for_byte()
    {
        await using var world = await TestWorld.StartAsync();
        const string reply = """{ "id":"x",  "choices":[ {"index":0,"message":{"role":"assistant","content":"Hi \ud83d\ude00"},"finish_reason":"stop"} ],"n":1.0e0 }""";
        world.Provider.Enqueue(Reply.Json(reply).WithHeader("x-request-id", "req-1").WithHeader("x-ratelimit-remaining-requests", "7"));

        var answer = await world.SendAsync(world.Chat());

        Assert.Equal(200, answer.Status);
        Assert.Equal(reply, answer.Text);
        Assert.Equal("req-1", answer.Header("x-request-id"));
        Assert.Equal("7", answer.Header("x-ratelimit-remaining-requests"));
        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.Equal("POST", received.Method);
        Assert.Equal("/v1/chat/completions", received.RawTarget);
        Assert.Equal("Bearer " + TestWorld.Key, received.Headers["Authorization"]);
        Assert.Empty(world.Provider.Violations);
    }

    [Fact]
    public async Task A_body_keeps_its_nulls_its_order_its_spellings_and_what_nobody_knows()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        const string body = "{ \"zeta\" : null,\n\t\"model\":\"m\\u006fdel\", \"temperature\":1.0E-0, \"big\":12345678901234567890123, \"odd\":\"\\ud800\", \"messages\":[ ] , \"x\":{\"a\":1,\"a\":2} }";

        await world.SendAsync(world.Json("/v1/chat/completions", body));

        Assert.Equal(body, (await world.Provider.NextRequestAsync(Stop)).BodyText);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Every_method_passes_on_a_path_that_is_nobodys(string method)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"ok":true}""", 202));
        var request = new HttpRequestMessage(new HttpMethod(method), "/v1/vector_stores/vs_1/files?limit=2&after=a%2Fb") { Headers = { { "x-portkey-provider", "p0" } } };

        var answer = await world.SendAsync(request);

        Assert.Equal(202, answer.Status);
        Assert.Equal("""{"ok":true}""", answer.Text);
        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.Equal(method, received.Method);
        Assert.Equal("/v1/vector_stores/vs_1/files?limit=2&after=a%2Fb", received.RawTarget);
    }

    [Fact]
    public async Task A_head_request_gets_the_headers_and_no_body()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Empty().WithHeader("x-kept", "yes"));
        var answer = await world.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/v1/files/f1") { Headers = { { "x-portkey-provider", "p0" } } });
        Assert.Equal(200, answer.Status);
        Assert.Equal("yes", answer.Header("x-kept"));
        Assert.Equal("HEAD", (await world.Provider.NextRequestAsync(Stop)).Method);
    }

    [Fact]
    public async Task A_proxy_path_loses_its_first_segment()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        await world.SendAsync(world.Json("/v1/proxy/some/thing?x=1", """{"a":1}"""));
        Assert.Equal("/v1/some/thing?x=1", (await world.Provider.NextRequestAsync(Stop)).RawTarget);
    }

    [Fact]
    public async Task An_error_of_the_provider_passes_untouched_on_a_path_that_is_nobodys()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Text("no such thing", 418));
        var answer = await world.SendAsync(world.Json("/v1/proxy/x", "{}"));
        Assert.Equal((418, "no such thing"), (answer.Status, answer.Text));
        Assert.StartsWith("text/plain", answer.Message.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_multipart_upload_keeps_its_boundary_and_bytes()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"text":"hi"}"""));
        var audio = RandomNumberGenerator.GetBytes(200_000);
        var form = new MultipartFormDataContent("a-Boundary_1") { { new StringContent("whisper-1"), "model" }, { new ByteArrayContent(audio), "file", "a.wav" } };
        var expected = await form.ReadAsByteArrayAsync(Stop);
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = form, Headers = { { "x-portkey-provider", "p0" } } };

        var answer = await world.SendAsync(request);

        Assert.Equal(200, answer.Status);
        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.Contains("a-Boundary_1", received.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.True(received.Body.Span.SequenceEqual(expected));
    }

    [Fact]
    public async Task A_large_upload_streams_both_ways_without_being_held()
    {
        await using var world = await TestWorld.StartAsync(settings: new() { Limits = new() { ReplayBytes = 1 << 16 } });
        var body = RandomNumberGenerator.GetBytes(8 << 20);
        world.Provider.Always(Reply.From(request => Reply.Bytes(request.Body, "application/octet-stream")));
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/files") { Content = new ByteArrayContent(body), Headers = { { "x-portkey-provider", "p0" } } };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/octet-stream");

        using var response = await world.OpenAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsByteArrayAsync(Stop));
    }

    [Fact]
    public async Task An_upload_of_unknown_length_goes_out_chunked()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/files") { Content = new StringContent("line\n"), Headers = { { "x-portkey-provider", "p0" } } };
        request.Headers.TransferEncodingChunked = true;
        var answer = await world.SendAsync(request);
        Assert.Equal(200, answer.Status);
        Assert.Equal("line\n", (await world.Provider.NextRequestAsync(Stop)).BodyText);
    }

    [Fact]
    public async Task A_binary_answer_passes_as_it_is()
    {
        await using var world = await TestWorld.StartAsync();
        var audio = RandomNumberGenerator.GetBytes(300_000);
        world.Provider.Always(Reply.Bytes(audio, "audio/mpeg"));
        using var response = await world.OpenAsync(world.Json("/v1/audio/speech", """{"model":"tts-1","voice":"alloy","input":"hi"}"""));
        Assert.Equal("audio/mpeg", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(audio.Length, response.Content.Headers.ContentLength);
        Assert.Equal(audio, await response.Content.ReadAsByteArrayAsync(Stop));
    }

    [Theory]
    [InlineData("text", "plain words\n")]
    [InlineData("srt", "1\n00:00:00,000 --> 00:00:01,000\nhi\n")]
    public async Task Text_formats_of_a_transcription_pass(string format, string text)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Text(text));
        var form = new MultipartFormDataContent { { new StringContent(format), "response_format" } };
        var answer = await world.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = form, Headers = { { "x-portkey-provider", "p0" } } });
        Assert.Equal((200, text), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task An_encoding_that_nobody_asked_for_is_undone(string coding)
    {
        await using var world = await TestWorld.StartAsync();
        const string reply = """{"choices":[{"index":0,"message":{"content":"packed"}}]}""";
        world.Provider.Always(Reply.Json(reply).Encoded(coding));
        var answer = await world.SendAsync(world.Chat());
        Assert.Equal(reply, answer.Text);
        Assert.Empty(answer.Message.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_never_looks_whole()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Bytes(new byte[100_000], "application/octet-stream").CloseAfterBytes(50_000));
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using var response = await world.OpenAsync(world.Json("/v1/audio/speech", """{"model":"m"}"""));
            await response.Content.ReadAsByteArrayAsync(Stop);
        });
    }

    public static TheoryData<string> Reserved => new(
        ("api-keys configs virtual-keys providers integrations prompts collections labels guardrails policies analytics audit-logs "
            + "feedback logs admin scim secret-references mcp-integrations mcp-servers datasets configs/pc-1 Prompts/x/completions logs/exports /admin admin%2Fusers admin%2fusers //logs %61dmin")
        .Split(' ').Select(path => "/v1/" + path));

    [Theory]
    [MemberData(nameof(Reserved))]
    public async Task A_path_of_the_control_plane_is_never_proxied(string path)
    {
        await using var world = await TestWorld.StartAsync();
        var answer = await world.SendAsync(world.Json(path, "{}"));
        Assert.Equal(501, answer.Status);
        Assert.NotNull(answer.Header("x-portkey-trace-id"));
        Assert.Empty(world.Provider.Requests);
    }

    [Fact]
    public async Task A_prefix_is_reserved_as_a_whole_word()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        Assert.Equal(200, (await world.SendAsync(world.Json("/v1/logsearch", "{}"))).Status);
    }

    [Fact]
    public async Task Many_requests_at_once_never_see_each_other()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.From(request => Reply.Json($$"""{"choices":[],"echo":{{request.BodyText}}}""")));
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Stop }, async (i, token) =>
        {
            var body = $$"""{"model":"m{{i}}","messages":[{"role":"user","content":"{{new string((char)('a' + (i % 26)), 1 + (i * 37 % 20_000))}}"}]}""";
            using var response = await world.Client.SendAsync(world.Json("/v1/chat/completions", body), token);
            Assert.Equal($$"""{"choices":[],"echo":{{body}}}""", Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(token)));
        });
    }
}
