using System.Net;
using System.Text;
using System.Text.Json;

namespace Penstock.Simulator.Tests;

public sealed class StrictnessTests : SimulatorTest
{
    private const string Messages = """[{"role":"user","content":"hi"}]""";

    [Theory]
    [InlineData("{", null, null)]
    [InlineData("[]", null, null)]
    [InlineData("""{"messages":[{"role":"user","content":"hi"}]}""", "model", null)]
    [InlineData("""{"model":7,"messages":[{"role":"user","content":"hi"}]}""", "model", "invalid_type")]
    [InlineData("""{"model":"m"}""", "messages", "missing_required_parameter")]
    [InlineData("""{"model":"m","messages":"hi"}""", "messages", "invalid_type")]
    [InlineData("""{"model":"m","messages":[]}""", "messages", "empty_array")]
    [InlineData("""{"model":"m","messages":[{"content":"hi"}]}""", "messages[0].role", "missing_required_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":"robot","content":"hi"}]}""", "messages[0].role", "invalid_value")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":7}]}""", "messages[0].content", "invalid_type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":null}]}""", "messages[0].content", null)]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"tune"}]}]}""", "messages[0].content[0].type", "invalid_value")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{}}]}]}""", "messages[0].content[0].image_url.url", "missing_required_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":"tool","tool_call_id":"a","content":"x"}]}""", "messages.[0].role", null)]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}]}""", "messages", null)]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":{}}}]}]}""", "messages[0].tool_calls[0].function.arguments", "invalid_type")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"hi"}],"model":"n"}""", null, "duplicate_key")]
    [InlineData("""{"model":"m","messages":[{"role":"user","role":"user","content":"hi"}]}""", null, "duplicate_key")]
    public async Task Refuses_a_body_that_is_wrong(string json, string? param, string? code) => await AssertRefusedAsync(json, param, code);

    [Theory]
    [InlineData(""" "frobnicate":1 """, "frobnicate", "unknown_parameter")]
    [InlineData(""" "n":0 """, "n", "integer_below_min_value")]
    [InlineData(""" "n":129 """, "n", "integer_above_max_value")]
    [InlineData(""" "n":1.5 """, "n", "invalid_type")]
    [InlineData(""" "temperature":2.1 """, "temperature", "decimal_above_max_value")]
    [InlineData(""" "temperature":"hot" """, "temperature", "invalid_type")]
    [InlineData(""" "top_p":-0.1 """, "top_p", "decimal_below_min_value")]
    [InlineData(""" "stream":"true" """, "stream", "invalid_type")]
    [InlineData(""" "stream_options":{"include_usage":true} """, "stream_options", null)]
    [InlineData(""" "stream":true,"stream_options":{"include":true} """, "stream_options.include", "unknown_parameter")]
    [InlineData(""" "tool_choice":"auto" """, "tool_choice", null)]
    [InlineData(""" "parallel_tool_calls":true """, "parallel_tool_calls", null)]
    [InlineData(""" "tools":[] """, "tools", "empty_array")]
    [InlineData(""" "tools":[{"type":"function","function":{}}] """, "tools[0].function.name", "missing_required_parameter")]
    [InlineData(""" "tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"any" """, "tool_choice", "invalid_value")]
    [InlineData(""" "max_tokens":1,"max_completion_tokens":1 """, "max_tokens", "invalid_parameter_combination")]
    [InlineData(""" "top_logprobs":1 """, "top_logprobs", null)]
    [InlineData(""" "response_format":{"type":"json_object"} """, "messages", null)]
    [InlineData(""" "response_format":{"type":"json_schema"} """, "response_format.json_schema", "missing_required_parameter")]
    public async Task Refuses_a_parameter_that_is_wrong(string member, string? param, string? code) =>
        await AssertRefusedAsync($$"""{"model":"m","messages":{{Messages}},{{member}}}""", param, code);

    [Fact]
    public async Task Takes_nulls_and_every_parameter_there_is()
    {
        await Http.PostForJsonAsync($$"""{"model":"m","messages":{{Messages}},"temperature":null,"n":null,"stream":null,"tools":null,"tool_choice":null,"stop":null}""");
        using var response = await Http.PostAsync(
            $$"""{"model":"m","messages":{{Messages}},"temperature":0,"top_p":1,"n":1,"stop":["a"],"seed":7,"user":"u","logit_bias":{},"logprobs":true,"top_logprobs":2,"metadata":{},"store":false,"service_tier":"auto","modalities":["text"],"verbosity":"low","reasoning_effort":"low","prompt_cache_key":"k","safety_identifier":"s","presence_penalty":-2,"frequency_penalty":2,"max_completion_tokens":9}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("sk-other", "invalid_api_key")]
    public async Task Refuses_a_missing_or_wrong_key(string? key, string? code)
    {
        using var response = await Http.SendAsync(HttpMethod.Post, "/chat/completions", new StringContent(Client.Hello, Encoding.UTF8, "application/json"), key);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(code, (await ErrorAsync(response)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("POST", "/nowhere", 404)]
    [InlineData("GET", "/chat/completions", 405)]
    [InlineData("DELETE", "/models", 405)]
    [InlineData("PUT", "/embeddings", 405)]
    [InlineData("GET", "/models/missing-1", 404)]
    [InlineData("GET", "/files/file-none", 404)]
    public async Task Refuses_unknown_paths_and_methods(string method, string path, int status)
    {
        using var response = await Http.SendAsync(new HttpMethod(method), path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("invalid_request_error", (await ErrorAsync(response)).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Knows_no_model_that_is_missing()
    {
        using var response = await Http.PostAsync(Client.Chat("missing-model"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("model_not_found", (await ErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Refuses_a_body_that_is_not_sent_as_json()
    {
        using var response = await Http.SendAsync(HttpMethod.Post, "/chat/completions", new StringContent(Client.Hello, Encoding.UTF8, "text/plain"));

        Assert.Equal("unsupported_content_type", (await ErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Refuses_invalid_utf8()
    {
        var content = new ByteArrayContent([.. "{\"model\":\"m"u8, 0xff, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        using var response = await Http.SendAsync(HttpMethod.Post, "/chat/completions", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("x-portkey-provider: openai")]
    [InlineData("X-Penstock-Trace: 1")]
    [InlineData("Cookie: a=b")]
    [InlineData("X-Forwarded-For: 1.2.3.4")]
    [InlineData("Forwarded: for=1.2.3.4")]
    [InlineData("Via: 1.1 gateway")]
    [InlineData("TE: trailers")]
    [InlineData("Upgrade: h2c")]
    [InlineData("Proxy-Authorization: Basic eA==")]
    [InlineData("Keep-Alive: timeout=5")]
    [InlineData("Connection: x-mine")]
    public async Task Refuses_a_header_that_leaked(string header)
    {
        var answer = await SendRawAsync(RawClient.Request(Provider.Port, Client.Hello, header + "\r\n"));

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"leaked_header\"", answer, StringComparison.Ordinal);
        Assert.Single(Provider.Violations);
    }

    [Fact]
    public async Task Notes_a_leaked_header_even_when_the_answer_is_scripted()
    {
        Provider.Enqueue(Reply.Json("""{"a":{}}"""));

        Assert.StartsWith("HTTP/1.1 200 ", await SendRawAsync(RawClient.Request(Provider.Port, Client.Hello, "Cookie: a=b\r\n")), StringComparison.Ordinal);
        Assert.Equal(["The header 'Cookie' must not reach a provider."], Provider.Violations);
    }

    [Theory]
    [InlineData("Authorization: Bearer sk-sim")]
    [InlineData("Content-Type: application/json")]
    public async Task Refuses_a_header_that_came_twice(string header)
    {
        var answer = await SendRawAsync(RawClient.Request(Provider.Port, Client.Hello, header + "\r\n"));

        Assert.Contains("\"code\":\"repeated_header\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_the_host_of_somebody_else()
    {
        var answer = await SendRawAsync(RawClient.Request(Provider.Port, Client.Hello).Replace($"127.0.0.1:{Provider.Port}", "gateway.example", StringComparison.Ordinal));

        Assert.Contains("\"param\":\"Host\"", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET  /v1/models HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /v1/models HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /v1/models HTTP/2.0\r\nHost: x\r\n\r\n", 505)]
    [InlineData("GET /v1/models HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n", 400)]
    [InlineData("GET /v1/models HTTP/1.1\r\nHost: x\r\nbad name: y\r\n\r\n", 400)]
    [InlineData("GET /v1/models HTTP/1.1\r\nHost: x\r\na: b\nc: d\r\n\r\n", 400)]
    [InlineData("POST /v1/models HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400)]
    [InlineData("POST /v1/models HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400)]
    [InlineData("POST /v1/models HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("POST /v1/models HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501)]
    [InlineData("POST /v1/models HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400)]
    [InlineData("POST /v1/models HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", 400)]
    public async Task Refuses_broken_http(string request, int status)
    {
        Assert.StartsWith($"HTTP/1.1 {status} ", await SendRawAsync(request), StringComparison.Ordinal);
        Assert.Single(Provider.Violations);
    }

    private async Task<string> SendRawAsync(string request)
    {
        using var client = await RawClient.ConnectAsync(Provider.Port);
        await client.SendAsync(request);
        return await client.ReadUntilAsync("}}");
    }

    private async Task AssertRefusedAsync(string json, string? param, string? code)
    {
        using var response = await Http.PostAsync(json);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = await ErrorAsync(response);
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal((param, code), (error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
        Assert.Empty(Provider.Violations);
    }

    private static async Task<JsonElement> ErrorAsync(HttpResponseMessage response) => (await Client.JsonAsync(response)).GetProperty("error");
}
