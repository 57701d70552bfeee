using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>Every error of ours has both shapes that SDKs read, says what is wrong and what to do, and can be found again.</summary>
public sealed partial class ErrorShapeTests
{
    private const string Chat = """{"model":"m","messages":[]}""";

    private static readonly string[] Words = ["   at ", "Exception", "System.", "Penstock.", "/src/", ".cs:line", "127.0.0.1"];

    /// <param name="What">For messages.</param>
    /// <param name="Status">Expected.</param>
    /// <param name="Fix">A part of the sentence that says what to do.</param>
    /// <param name="Target">Request line.</param>
    /// <param name="Headers">Separated by |.</param>
    public sealed record ErrorCase(string What, int Status, string Fix, string Target, string Headers, string Body = Chat)
    {
        public override string ToString() => What;
    }

    public static TheoryData<ErrorCase> Errors => new(new ErrorCase[]
    {
        new("no provider", 400, "x-portkey-provider", "POST /v1/chat/completions", "Content-Type: application/json"),
        new("no provider on a path that is nobody's", 400, "x-portkey-provider", "GET /v1/unknown/route", ""),
        new("an unknown provider", 400, "Did you mean 'openai'", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-provider: opnai"),
        new("a stored key", 400, "Authorization", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-virtual-key: vk"),
        new("no body", 400, "body", "POST /v1/chat/completions", "x-portkey-provider: p", ""),
        new("a body of spaces", 400, "JSON object", "POST /v1/chat/completions", "x-portkey-provider: p", "  "),
        new("broken JSON", 400, "not valid JSON", "POST /v1/chat/completions", "x-portkey-provider: p|Content-Type: application/json", "{"),
        new("text", 400, "application/json", "POST /v1/chat/completions", "x-portkey-provider: p|Content-Type: text/plain"),
        new("a form", 400, "application/json", "POST /v1/chat/completions", "x-portkey-provider: p|Content-Type: multipart/form-data; boundary=x"),
        new("a form for Responses", 400, "application/json", "POST /v1/responses", "x-portkey-provider: p|Content-Type: multipart/form-data; boundary=x"),
        new("a foreign charset", 400, "UTF-8", "POST /v1/chat/completions", "x-portkey-provider: p|Content-Type: application/json; charset=utf-16"),
        new("a packed body", 415, "without one", "POST /v1/chat/completions", "x-portkey-provider: p|Content-Type: application/json|Content-Encoding: gzip"),
        new("too much", 413, "penstock.json", "POST /v1/chat/completions", "x-portkey-provider: p|Content-Type: application/json", "{\"a\":\"0123456789" + "0123456789" + "0123456789" + "0123456789" + "0123456789" + "0123456789" + "\"}"),
        new("the admin API", 501, "this version", "GET /v1/configs", ""),
        new("the admin API, deeper", 501, "this version", "POST /v1/logs/exports", "Content-Type: application/json"),
        new("realtime without an upgrade", 426, "WebSocket", "GET /v1/realtime", "x-portkey-provider: p"),
        new("a method that no API has", 405, "GET, HEAD", "TRACE /v1/chat/completions", "x-portkey-provider: p"),
        new("a broken config", 400, "not valid JSON", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-config: {"),
        new("a faulty config", 400, "a string was expected", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-config: {\"provider\":5}"),
        new("a config that is not saved", 400, "penstock.json", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-config: pc-1"),
        new("a forbidden host", 400, "never called", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-provider: p|x-portkey-custom-host: http://169.254.169.254"),
        new("no key", 401, "Authorization", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-provider: openai"),
        new("an operation that is not offered", 400, "Name one that does", "POST /v1/embeddings", "Content-Type: application/json|x-portkey-provider: anthropic"),
        new("a way to authenticate that is not built", 501, "API key", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-config: {\"provider\":\"azure-openai\",\"azure_auth_mode\":\"entra\",\"resource_name\":\"r\",\"deployment_id\":\"d\",\"api_version\":\"v1\"}"),
        new("no condition that holds", 400, "default", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-config: {\"strategy\":{\"mode\":\"conditional\",\"conditions\":[{\"query\":{\"metadata.a\":1},\"then\":\"x\"}]},\"targets\":[{\"name\":\"x\",\"provider\":\"p\"}]}"),
        new("a refused connection", 502, "refused", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-provider: refused"),
        new("a name that is not known", 502, "not known", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-provider: dns"),
        new("no TLS", 502, "TLS", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-provider: tls"),
        new("a reset", 502, "reset", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-provider: reset"),
        new("no HTTP", 502, "not valid HTTP", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-provider: garbage"),
        new("a clock", 408, "request_timeout", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-provider: silent|x-portkey-request-timeout: 30"),
        new("a redirect", 502, "base URL", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-provider: redirect"),
        new("a page", 502, "base URL", "POST /v1/chat/completions", "Content-Type: application/json|x-portkey-provider: page"),
        new("a preflight of a page", 403, "cors_origins", "OPTIONS /v1/chat/completions", "Origin: https://evil.example|Access-Control-Request-Method: POST"),
        new("a path outside", 404, "/v1", "GET /other", ""),
        new("a status path that is written to", 405, "GET, HEAD", "POST /healthz", ""),
        new("for Anthropic's clients", 400, "model", "POST /v1/messages", "Content-Type: application/json|x-portkey-provider: p", "{\"model\":1,\"model\":2}"),
    });

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task An_error_has_both_shapes_and_can_be_found_again(ErrorCase wanted)
    {
        await using var refused = DeadEndpoint.Refusing();
        await using var garbage = DeadEndpoint.SpeakingGarbage();
        await using var world = await StartAsync(refused, garbage);
        await using var client = new RawClient(world);
        var body = wanted.Target.StartsWith("GET", StringComparison.Ordinal) ? "" : wanted.Body;
        var headers = string.Concat(wanted.Headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(header => header + "\r\n"));
        await client.SendAsync($"{wanted.Target} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {body.Length}\r\n\r\n{body}");
        var answer = await client.ReadAnswerAsync();

        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {wanted.Status} "), answer, StringComparison.Ordinal);
        Assert.Matches("(?i)\r\nx-portkey-trace-id: [0-9a-f]{32}\r\n", answer);
        Assert.Matches("(?i)\r\nx-portkey-last-used-option-index: config[^\r]*\r\n", answer);
        Assert.Matches("(?i)\r\nx-portkey-retry-attempt-count: -?[0-9]+\r\n", answer);
        Assert.Matches("(?i)\r\nx-portkey-cache-status: DISABLED\r\n", answer);
        Assert.Contains("content-type: application/json\r\n", answer, StringComparison.OrdinalIgnoreCase);
        foreach (var word in Words) Assert.DoesNotContain(word, answer, StringComparison.Ordinal);

        var json = JsonDocument.Parse(answer[answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)..]).RootElement;
        var error = json.GetProperty("error");
        var message = error.GetProperty("message").GetString()!;
        Assert.Contains(wanted.Fix, message, StringComparison.OrdinalIgnoreCase);
        Assert.Matches(Sentence(), message);
        Assert.Equal(JsonValueKind.String, error.GetProperty("type").ValueKind);
        Assert.True(error.GetProperty("param").ValueKind is JsonValueKind.String or JsonValueKind.Null);
        Assert.True(error.GetProperty("code").ValueKind is JsonValueKind.String or JsonValueKind.Null);
        if (wanted.Status is not (404 or 408)) Assert.Equal(("failure", message), (json.GetProperty("status").GetString(), json.GetProperty("message").GetString()));
        if (wanted.Target.Contains("/v1/messages", StringComparison.Ordinal)) Assert.Equal("error", json.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/configs")]
    [InlineData("/v1/unknown")]
    [InlineData("/other")]
    [InlineData("/healthz")]
    [InlineData("/")]
    public async Task A_head_request_gets_the_headers_alone(string path)
    {
        await using var world = await TestWorld.StartAsync();
        await using var client = new RawClient(world);
        await client.SendAsync($"HEAD {path} HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        var all = await client.ReadToEndAsync();
        Assert.Matches("(?i)x-portkey-trace-id: [0-9a-f]{32}\r\n", all);
        Assert.Matches("(?s)^HTTP/1.1 [0-9]+ [^\r]*\r\n([^\r]+\r\n)*\r\nHTTP/1.1 200 OK\r\n.*ok", all);
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/healthz")]
    [InlineData("GET", "/readyz")]
    [InlineData("GET", "/v1/models")]
    public async Task Answers_that_are_no_errors_can_be_found_again_too(string method, string path)
    {
        await using var world = await TestWorld.StartAsync();
        var answer = await world.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Headers = { { "x-portkey-trace-id", "mine" } } });
        Assert.Equal((200, "mine"), (answer.Status, answer.Header("x-portkey-trace-id")));
    }

    [Fact]
    public async Task A_preflight_that_is_allowed_can_be_found_again()
    {
        await using var world = await TestWorld.StartAsync(settings: new() { CorsOrigins = ["https://app.example"] });
        var request = new HttpRequestMessage(HttpMethod.Options, "/v1/chat/completions") { Headers = { { "Origin", "https://app.example" }, { "Access-Control-Request-Method", "POST" } } };
        var answer = await world.SendAsync(request);
        Assert.Equal(204, answer.Status);
        Assert.NotNull(answer.Header("x-portkey-trace-id"));
    }

    /// <summary>A provider's word that no status of an error is meant, in the middle of a stream of each API.</summary>
    [Theory]
    [InlineData("/v1/chat/completions", "data: {\"error\":{")]
    [InlineData("/v1/responses", "event: error\ndata: {\"type\":\"error\",\"code\":")]
    [InlineData("/v1/messages", "event: error\ndata: {\"type\":\"error\",\"code\":")]
    public async Task A_stream_that_breaks_ends_in_an_error_of_its_own_api(string path, string start)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Sse("""{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}""", """{"choices":[]}""").CloseAfterEvents(1));
        var answer = await world.SendAsync(world.Json(path, """{"model":"m","stream":true,"messages":[]}"""));
        Assert.Equal(200, answer.Status);
        var last = answer.Text[..^2].Split("\n\n")[^1] + "\n\n";
        Assert.StartsWith(start, last, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", answer.Text, StringComparison.Ordinal);
        using var data = JsonDocument.Parse(last[(last.IndexOf("data: ", StringComparison.Ordinal) + 6)..]);
        Assert.StartsWith("p0 error: ", data.RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static Task<TestWorld> StartAsync(DeadEndpoint refused, DeadEndpoint garbage) => TestWorld.StartAsync(providers: 4, file: providers =>
    {
        providers[0].Always(Reply.Reset());
        providers[1].Always(Reply.StallBeforeHeaders());
        providers[2].Always(Reply.Status(307, "").WithHeader("location", "https://evil.example/v1"));
        providers[3].Always(Reply.Html(200));
        return $$$"""
            { "limits": { "json_bytes": 60 },
              "providers": {
                "p": { "base_url": "{{{providers[0].BaseUrl}}}" },
                "reset": { "base_url": "{{{providers[0].BaseUrl}}}" },
                "silent": { "base_url": "{{{providers[1].BaseUrl}}}" },
                "redirect": { "base_url": "{{{providers[2].BaseUrl}}}" },
                "page": { "base_url": "{{{providers[3].BaseUrl}}}" },
                "refused": { "base_url": "{{{refused.BaseUrl}}}" },
                "dns": { "base_url": "http://{{{new string('a', 64)}}}.example/v1" },
                "garbage": { "base_url": "{{{garbage.BaseUrl}}}" },
                "tls": { "base_url": "{{{garbage.SecureBaseUrl}}}" } } }
            """;
    });

    /// <summary>Begins with a capital or a name, ends with a full stop, and is no novel.</summary>
    [GeneratedRegex(@"\A[\w'].{15,600}[.'?]\z", RegexOptions.Singleline)]
    private static partial Regex Sentence();
}
