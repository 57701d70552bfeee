using System.Net;
using System.Text;
using System.Text.Json;
using Penstock.Simulator;

namespace Penstock.Core.Tests.Gateway;

/// <summary>Bad requests get a clear 4xx in both shapes that SDKs read; a provider's error keeps its status and text.</summary>
public sealed class ErrorTests
{
    public static TheoryData<string, string> BadBodies => new()
    {
        { "", "no body" },
        { "   ", "no body" },
        { "{", "not valid JSON" },
        { "[1]", "an array" },
        { "null", "null" },
        { """{"model":"a","model":"b"}""", "'model' is there twice" },
        { """{"model":"a","mo\u0064el":"b"}""", "'model' is there twice" },
        { """{"model":"\ud800"}""", "not valid Unicode" },
        { """{"model":"a"} x""", "not valid JSON" },
        { $$"""{"model":"a","x":{{new string('[', 300)}}{{new string(']', 300)}}}""", "deeper than" },
    };

    [Fact]
    public async Task A_config_of_many_mistakes_gives_an_answer_of_some_of_them()
    {
        await using var world = await TestWorld.StartAsync();
        var config = $$"""{"provider":"p0","drop_params":[{{string.Join(',', Enumerable.Repeat("\"[\"", 5_000))}}]}""";

        var errors = (await world.SendAsync(world.Chat(config))).Json.GetProperty("errors");

        Assert.Equal(101, errors.GetArrayLength());
        Assert.Equal("4900 more faults are not listed.", errors[100].GetString());
    }

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_body_that_cannot_be_read_is_a_400_that_says_why(string body, string reason)
    {
        await using var world = await TestWorld.StartAsync();
        var answer = await world.SendAsync(world.Json("/v1/chat/completions", body));
        Assert.Equal(400, answer.Status);
        Assert.Contains(reason, answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("failure", answer.Json.GetProperty("status").GetString());
        Assert.Equal(answer.ErrorMessage, answer.Json.GetProperty("message").GetString());
        Assert.Equal("invalid_request_error", answer.Json.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(JsonValueKind.Null, answer.Json.GetProperty("error").GetProperty("param").ValueKind);
        Assert.Equal("application/json", answer.Message.Content.Headers.ContentType!.MediaType);
        Assert.Empty(world.Provider.Requests);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_a_413()
    {
        await using var world = await TestWorld.StartAsync(settings: new() { Limits = new() { JsonBytes = 1 << 20, UploadBytes = 2 << 20 } });
        Assert.Equal(413, (await world.SendAsync(world.Chat(text: new string('x', 1 << 20)))).Status);
        var upload = new HttpRequestMessage(HttpMethod.Post, "/v1/files") { Content = new ByteArrayContent(new byte[3 << 20]), Headers = { { "x-portkey-provider", "p0" } } };
        Assert.Equal(413, (await world.SendAsync(upload)).Status);
        Assert.Empty(world.Provider.Requests);
    }

    [Fact]
    public async Task An_upload_of_unknown_length_that_grows_too_large_is_a_413()
    {
        await using var world = await TestWorld.StartAsync(settings: new() { Limits = new() { UploadBytes = 1 << 20 } });
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var upload = new HttpRequestMessage(HttpMethod.Post, "/v1/files") { Content = new ByteArrayContent(new byte[3 << 20]), Headers = { { "x-portkey-provider", "p0" } } };
        upload.Headers.TransferEncodingChunked = true;
        Assert.Equal(413, (await world.SendAsync(upload)).Status);
    }

    [Fact]
    public async Task A_content_type_that_does_not_fit_is_a_400()
    {
        await using var world = await TestWorld.StartAsync();
        var request = world.Chat();
        request.Content = new StringContent("model=x", Encoding.UTF8, "application/x-www-form-urlencoded");
        var answer = await world.SendAsync(request);
        Assert.Equal(400, answer.Status);
        Assert.Contains("application/x-www-form-urlencoded", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p00", "p0")]
    [InlineData("opnai", "openai")]
    public async Task An_unknown_provider_is_a_400_with_a_suggestion(string name, string near)
    {
        await using var world = await TestWorld.StartAsync();
        var request = world.Chat();
        request.Headers.Remove("x-portkey-provider");
        request.Headers.Add("x-portkey-provider", name);
        var answer = await world.SendAsync(request);
        Assert.Equal(400, answer.Status);
        Assert.Contains($"'{name}'", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains($"Did you mean '{near}'", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-portkey-virtual-key", "vk-1")]
    [InlineData("x-portkey-provider", "@team-openai")]
    [InlineData("x-portkey-config", "pc-unknown")]
    [InlineData("x-portkey-config", "{broken")]
    [InlineData("x-portkey-config", "[]")]
    [InlineData("x-portkey-custom-host", "ftp://example.com")]
    [InlineData("x-portkey-forward-headers", "a, x-portkey-forward-headers")]
    [InlineData("x-portkey-default-input-guardrails", """[{"default.contains":{"words":["a"]}}]""")]
    [InlineData("x-portkey-default-output-guardrails", "pg-1")]
    public async Task A_header_that_cannot_be_followed_is_a_400_that_names_it(string header, string value)
    {
        await using var world = await TestWorld.StartAsync();
        var request = world.Chat();
        if (header is "x-portkey-virtual-key" or "x-portkey-provider") request.Headers.Remove("x-portkey-provider");
        request.Headers.TryAddWithoutValidation(header, value);
        var answer = await world.SendAsync(request);
        Assert.Equal(400, answer.Status);
        Assert.Contains(header, answer.Text, StringComparison.Ordinal);
        Assert.Empty(world.Provider.Requests);
    }

    /// <summary>SDKs send a virtual key beside a config that only says how to repeat.</summary>
    [Theory]
    [InlineData("""{"retry":{"attempts":1}}""", 400)]
    [InlineData("""{"provider":"p0"}""", 200)]
    public async Task A_stored_key_is_refused_where_it_would_name_the_provider(string config, int status)
    {
        await using var world = await TestWorld.StartAsync();
        var request = world.Chat(config);
        request.Headers.Add("x-portkey-virtual-key", "openai-team");
        var answer = await world.SendAsync(request);
        Assert.Equal(status, answer.Status);
        if (status == 400) Assert.Contains("x-portkey-virtual-key", answer.ErrorMessage, StringComparison.Ordinal);
    }

    /// <summary>Each request has two faults; the first check that fails answers.</summary>
    [Theory]
    [InlineData("text/plain", "x-portkey-provider: nobody", "content type")]
    [InlineData("application/json", "x-portkey-provider: nobody|x-portkey-custom-host: ftp://x", "Unknown provider")]
    [InlineData("application/json", "x-portkey-custom-host: ftp://x|x-portkey-config: {broken", "custom host")]
    [InlineData("application/json", "x-portkey-config: {broken|x-portkey-forward-headers: x-portkey-forward-headers", "x-portkey-config")]
    [InlineData("application/json", "x-portkey-config: {\"retry\":1}|x-portkey-forward-headers: x-portkey-forward-headers", "x-portkey-config")]
    [InlineData("application/json", "x-portkey-config: {\"retry\":1}", "x-portkey-config")]
    public async Task Checks_have_an_order_and_only_a_configs_faults_are_listed(string contentType, string headers, string words)
    {
        await using var world = await TestWorld.StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("no json", Encoding.UTF8, contentType) };
        foreach (var header in headers.Split('|')) request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
        var answer = await world.SendAsync(request);
        Assert.Equal(400, answer.Status);
        Assert.Contains(words, answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(headers.Contains("retry", StringComparison.Ordinal), answer.Json.TryGetProperty("errors", out _));
        Assert.Null(answer.Header("x-portkey-provider"));
    }

    [Theory]
    [InlineData("null", "")]
    [InlineData("5", "")]
    [InlineData("[]", "")]
    [InlineData("\"pc-1\"", "")]
    [InlineData("{}", "")]
    [InlineData("""{"provider":5}""", "provider")]
    [InlineData("""{"provider":"p0","options":{"a":1}}""", "options")]
    [InlineData("""{"strategy":{"mode":"other"},"targets":[{"provider":"p0"}]}""", "strategy,mode")]
    [InlineData("""{"strategy":{"mode":"fallback","on_status_codes":["429"]},"targets":[{"provider":"p0"}]}""", "strategy,on_status_codes,0")]
    [InlineData("""{"strategy":{"mode":"fallback"},"targets":[]}""", "targets")]
    [InlineData("""{"strategy":{"mode":"fallback"},"targets":[{"provider":"p0"},{"strategy":{"mode":"single"},"targets":[{"provider":"p0","retry":{"attempts":"x"}}]}]}""", "targets,1,targets,0,retry,attempts")]
    [InlineData("""{"provider":"p0","customHost":"http://169.254.169.254"}""", "customHost")]
    [InlineData("""{"provider":"p0","cache":{"mode":"some"}}""", "cache,mode")]
    [InlineData("""{"provider":"p0","forward_headers":["x-portkey-forward-headers"]}""", "forward_headers,0")]
    public async Task A_fault_of_a_config_has_its_path_with_commas(string config, string path)
    {
        await using var world = await TestWorld.StartAsync();
        var request = world.Chat(config);
        request.Headers.Add("x-portkey-provider", "p0");
        var answer = await world.SendAsync(request);
        Assert.Equal(400, answer.Status);
        Assert.Equal("failure", answer.Json.GetProperty("status").GetString());
        var error = Assert.Single(answer.Json.GetProperty("errors").EnumerateArray()).GetString()!;
        Assert.StartsWith($"path: {path}, message: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_fault_of_a_config_is_listed_with_its_path()
    {
        await using var world = await TestWorld.StartAsync();
        var answer = await world.SendAsync(world.Chat("""{"strategy":{"mode":"loadbalance"},"targets":[{"provider":"nobody"},{"provider":"p0","weight":-1}],"request_timeout":"x"}"""));
        Assert.Equal(400, answer.Status);
        var errors = answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetString()!).ToList();
        Assert.Contains(errors, error => error.StartsWith("path: targets,0,provider, message: ", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("path: targets,1,weight, message: ", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("path: request_timeout, message: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task A_providers_error_keeps_its_status_and_text(int status)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"error":{"message":"That went wrong","type":"some_type","param":"p","code":"some_code"}}""", status).RetryAfter("7"));
        var answer = await world.SendAsync(world.Chat());
        Assert.Equal(status, answer.Status);
        Assert.Equal("""{"error":{"message":"p0 error: That went wrong","type":"some_type","param":"p","code":"some_code"},"provider":"p0"}""", answer.Text);
        Assert.Equal("7", answer.Header("Retry-After"));
        Assert.Null(answer.Header("x-should-retry"));
    }

    [Fact]
    public async Task An_error_page_becomes_an_error_object()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Html());
        var answer = await world.SendAsync(world.Chat());
        Assert.Equal(502, answer.Status);
        Assert.Contains("502 Bad Gateway", answer.ErrorMessage, StringComparison.Ordinal);
    }

    public static TheoryData<string, Reply> NoAnswers => new()
    {
        { "reset", Reply.Reset() },
        { "closed", Reply.CloseWithoutAnswer() },
        { "no HTTP", Reply.Garbage() },
        { "empty 200", Reply.Empty() },
        { "a page with 200", Reply.Html(200) },
        { "huge header", Reply.Json("""{"choices":[]}""").WithHugeHeader() },
        { "truncated gzip", Reply.Json("""{"a":"0123456789012345678901234567890123456789"}""").Encoded("gzip", isTruncated: true) },
        { "truncated deflate", Reply.Json("""{"a":"0123456789012345678901234567890123456789"}""").Encoded("deflate", isTruncated: true) },
        { "truncated br", Reply.Json("""{"a":"0123456789012345678901234567890123456789"}""").Encoded("br", isTruncated: true) },
        { "unknown encoding", Reply.Json("""{"choices":[]}""").WithHeader("content-encoding", "zstd") },
    };

    [Theory]
    [MemberData(nameof(NoAnswers))]
    public async Task What_is_no_answer_is_a_502_and_never_a_secret(string what, Reply reply)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(reply);
        var answer = await world.SendAsync(world.Chat(Configs.Retry(0)));
        Assert.True(answer.Status == 502, $"{what}: {answer.Status} {answer.Text}");
        Assert.Contains("p0", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.DoesNotContain(TestWorld.Key, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_refuses_connections_is_a_502()
    {
        await using var world = await TestWorld.StartAsync();
        await world.Provider.DisposeAsync();
        var answer = await world.SendAsync(world.Chat());
        Assert.Equal(502, answer.Status);
        Assert.Contains("refused", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_outside_the_api_is_a_404_in_json()
    {
        await using var world = await TestWorld.StartAsync();
        var answer = await world.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/nothing"));
        Assert.Equal(404, answer.Status);
        Assert.False(answer.Json.GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_websocket_route_without_an_upgrade_is_a_426()
    {
        await using var world = await TestWorld.StartAsync();
        var answer = await world.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/v1/realtime?model=x") { Headers = { { "x-portkey-provider", "p0" } } });
        Assert.Equal(HttpStatusCode.UpgradeRequired, (HttpStatusCode)answer.Status);
    }
}
