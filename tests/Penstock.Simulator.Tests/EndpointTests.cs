using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Penstock.Simulator.Tests;

public sealed class EndpointTests : SimulatorTest
{
    [Fact]
    public async Task Completes_texts()
    {
        var answer = await Http.PostForJsonAsync("""{"model":"m","prompt":["a","b"],"n":2}""", "/completions");
        Assert.Equal(["You said: a", "You said: a", "You said: b", "You said: b"], answer.GetProperty("choices").EnumerateArray().Select(static choice => choice.GetProperty("text").GetString()));

        var events = await Http.PostForEventsAsync("""{"model":"m","prompt":"a","stream":true,"stream_options":{"include_usage":true}}""", "/completions");
        Assert.Equal("[DONE]", events[^1]);
        Assert.Contains("\"usage\"", events[^2], StringComparison.Ordinal);
        Assert.Contains("text_completion", events[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embeds_the_same_text_the_same_way_in_both_encodings()
    {
        var floats = (await Http.PostForJsonAsync("""{"model":"m","input":["a","b"],"dimensions":16}""", "/embeddings")).GetProperty("data");
        var coded = (await Http.PostForJsonAsync("""{"model":"m","input":"a","dimensions":16,"encoding_format":"base64"}""", "/embeddings")).GetProperty("data");

        var first = floats[0].GetProperty("embedding").EnumerateArray().Select(static value => value.GetSingle()).ToArray();
        Assert.Equal(16, first.Length);
        Assert.Equal(1, first.Sum(static value => value * value), 3);
        Assert.Equal(first, MemoryMarshal.Cast<byte, float>(coded[0].GetProperty("embedding").GetBytesFromBase64()).ToArray());
        Assert.NotEqual(floats[0].GetProperty("embedding").GetRawText(), floats[1].GetProperty("embedding").GetRawText());
    }

    [Theory]
    [InlineData("""{"model":"m"}""")]
    [InlineData("""{"model":"m","input":""}""")]
    [InlineData("""{"model":"m","input":[]}""")]
    [InlineData("""{"model":"m","input":[{}]}""")]
    [InlineData("""{"model":"m","input":"a","dimensions":0}""")]
    [InlineData("""{"model":"m","input":"a","encoding_format":"hex"}""")]
    [InlineData("""{"model":"m","input":"a","temperature":1}""")]
    public async Task Refuses_wrong_embeddings(string json)
    {
        using var response = await Http.PostAsync(json, "/embeddings");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Responds_with_events_that_are_named_and_numbered()
    {
        var whole = await Http.PostForJsonAsync("""{"model":"m","input":"hi"}""", "/responses");
        Assert.Equal("You said: hi", whole.GetProperty("output")[0].GetProperty("content")[0].GetProperty("text").GetString());

        var events = await Http.PostForEventsAsync("""{"model":"m","stream":true,"input":[{"role":"user","content":"hi"}]}""", "/responses");
        var data = events.Select(static item => (Name: item.Split('\n')[0]["event: ".Length..], Json: JsonDocument.Parse(item.Split('\n')[1]["data: ".Length..]).RootElement)).ToList();
        Assert.Equal(Enumerable.Range(0, data.Count), data.Select(static item => item.Json.GetProperty("sequence_number").GetInt32()));
        Assert.All(data, static item => Assert.Equal(item.Name, item.Json.GetProperty("type").GetString()));
        Assert.Equal("response.completed", data[^1].Name);
        Assert.Equal("You said: hi", string.Concat(data.Where(static item => item.Name == "response.output_text.delta").Select(static item => item.Json.GetProperty("delta").GetString())));
    }

    [Fact]
    public async Task Moderates_and_paints()
    {
        var moderated = await Http.PostForJsonAsync("""{"input":["hello","kill"]}""", "/moderations");
        Assert.Equal([false, true], moderated.GetProperty("results").EnumerateArray().Select(static result => result.GetProperty("flagged").GetBoolean()));

        var painted = await Http.PostForJsonAsync("""{"model":"m","prompt":"a pipe","n":2}""", "/images/generations");
        Assert.Equal(2, painted.GetProperty("data").GetArrayLength());
        Assert.Equal(0x89, painted.GetProperty("data")[0].GetProperty("b64_json").GetBytesFromBase64()[0]);
    }

    [Fact]
    public async Task Speaks_in_bytes()
    {
        using var response = await Http.PostAsync("""{"model":"m","input":"hello","voice":"alloy"}""", "/audio/speech");

        Assert.Equal("audio/mpeg", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(500, (await response.Content.ReadAsByteArrayAsync(Stop)).Length);
    }

    [Theory]
    [InlineData("json", "application/json", """{"text":"You sent 3 bytes."}""")]
    [InlineData("text", "text/plain", "You sent 3 bytes.\n")]
    [InlineData("srt", "text/plain", "1\n00:00:00,000 --> 00:00:01,000\nYou sent 3 bytes.\n\n")]
    [InlineData("vtt", "text/vtt", "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nYou sent 3 bytes.\n\n")]
    public async Task Transcribes(string format, string type, string expected)
    {
        using var form = Form(("model", "whisper-1"), ("response_format", format));
        using var response = await Http.SendAsync(HttpMethod.Post, "/audio/transcriptions", form);

        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync(Stop));
    }

    [Theory]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n")]
    [InlineData("--b\nContent-Disposition: form-data; name=\"model\"\n\nm\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data\r\n\r\nm\r\n--b--\r\n")]
    [InlineData("--c\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--c--\r\n")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nm\r\n--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--b--\r\n")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--b--\r\nrest")]
    public async Task Refuses_a_form_that_is_broken(string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        using var response = await Http.SendAsync(HttpMethod.Post, "/audio/transcriptions", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Keeps_files_and_runs_batches()
    {
        const string line = """{"custom_id":"c1","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[{"role":"user","content":"hi"}]}}""";
        using var form = new MultipartFormDataContent { { new StringContent("batch"), "purpose" }, { new StringContent(line), "file", "in.jsonl" } };
        using var uploaded = await Http.SendAsync(HttpMethod.Post, "/files", form);
        var file = (await Client.JsonAsync(uploaded)).GetProperty("id").GetString();
        using var content = await Http.SendAsync(HttpMethod.Get, $"/files/{file}/content");
        Assert.Equal(line, await content.Content.ReadAsStringAsync(Stop));

        var batch = await Http.PostForJsonAsync($$"""{"input_file_id":"{{file}}","endpoint":"/v1/chat/completions","completion_window":"24h"}""", "/batches");
        using var finished = await Http.SendAsync(HttpMethod.Get, $"/batches/{batch.GetProperty("id").GetString()}");
        var output = (await Client.JsonAsync(finished)).GetProperty("output_file_id").GetString();
        using var lines = await Http.SendAsync(HttpMethod.Get, $"/files/{output}/content");
        Assert.Contains("You said: hi", await lines.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);

        using var deleted = await Http.SendAsync(HttpMethod.Delete, $"/files/{file}");
        using var gone = await Http.SendAsync(HttpMethod.Get, $"/files/{file}");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (deleted.StatusCode, gone.StatusCode));
    }

    [Fact]
    public async Task Lists_models_and_finds_one_whose_name_has_a_slash()
    {
        using var list = await Http.SendAsync(HttpMethod.Get, "/models");
        using var one = await Http.SendAsync(HttpMethod.Get, "/models/meta%2Fllama");

        Assert.Equal("list", (await Client.JsonAsync(list)).GetProperty("object").GetString());
        Assert.Equal("meta/llama", (await Client.JsonAsync(one)).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Describes_what_arrived(string method)
    {
        var body = RandomNumberGenerator.GetBytes(1000);
        using var response = await Http.SendAsync(new HttpMethod(method), "/echo/a%20b?c=d", new ByteArrayContent(body));

        var echo = await Client.JsonAsync(response);
        Assert.Equal((method, "/v1/echo/a%20b?c=d"), (echo.GetProperty("method").GetString(), echo.GetProperty("target").GetString()));
        Assert.Equal(body, echo.GetProperty("body_base64").GetBytesFromBase64());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(body)), echo.GetProperty("body_sha256").GetString());
    }

    [Fact]
    public async Task Reads_a_chunked_body_whole()
    {
        using var client = await RawClient.ConnectAsync(Provider.Port);
        await client.SendAsync($"POST /v1/echo HTTP/1.1\r\nHost: 127.0.0.1:{Provider.Port}\r\nAuthorization: Bearer sk-sim\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n01234");
        await client.SendAsync("56789\r\n0\r\nTrailer: t\r\n\r\n");
        await client.ReadUntilAsync("body_base64");

        Assert.Equal("abc0123456789", Provider.Requests[0].BodyText);
    }

    [Fact]
    public async Task Tells_a_waiting_client_to_go_on()
    {
        using var client = await RawClient.ConnectAsync(Provider.Port);
        await client.SendAsync($"POST /v1/echo HTTP/1.1\r\nHost: 127.0.0.1:{Provider.Port}\r\nAuthorization: Bearer sk-sim\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        await client.ReadUntilAsync("HTTP/1.1 100 Continue\r\n\r\n");

        await client.SendAsync("ab");

        await client.ReadUntilAsync("HTTP/1.1 200 OK");
    }

    [Fact]
    public async Task Bears_pipelined_requests()
    {
        using var client = await RawClient.ConnectAsync(Provider.Port);
        var request = RawClient.Request(Provider.Port, Client.Hello);
        await client.SendAsync(request + request + request);
        var read = "";
        while (read.Split("HTTP/1.1 200").Length < 4) read += await client.ReadUntilAsync("HTTP/1.1 200");

        Assert.Equal(3, Provider.Requests.Count);
    }

    private static MultipartFormDataContent Form(params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields) form.Add(new StringContent(value), name);
        form.Add(new ByteArrayContent([0, 13, 10]), "file", "a.mp3");
        return form;
    }
}
