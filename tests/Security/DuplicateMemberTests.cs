using System.Text;
using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>Two readers of one request must not see two different things: what is there twice is refused.</summary>
public sealed class DuplicateMemberTests
{
    /// <summary>Each way to write the second name.</summary>
    public static TheoryData<string, string> Names => new()
    {
        { "model", "model" },
        { "model", "mod\\u0065l" },
        { "mo\\u0064el", "model" },
        { "model", "\\u006d\\u006f\\u0064\\u0065\\u006c" },
        { "model", "Model" },
        { "MODEL", "model" },
        { "model", "\\u004dodel" },
        { "stream", "\u017Ftream" },
        { "stream", "\\u017Ftream" },
        { "max_tokens", "max_to\u212Aens" },
        { "messages", "messages" },
        { "messages", "Messages" },
        { "tools", "tools" },
        { "system", "system" },
        { "contents", "contents" },
        { "instructions", "instructions" },
        { "service_tier", "service_tier" },
        { "max_output_tokens", "max_output_tokens" },
        { "n", "N" },
    };

    public static TheoryData<string> Routes => new("/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages",
        "/v1/messages/count_tokens", "/v1/images/generations", "/v1/audio/speech", "/v1/moderations", "/v1/rerank", "/v1/batches",
        "/v1/fine_tuning/jobs", "/v1/proxy/chat/completions", "/v1/anything", "/v1/vector_stores", "/v1/files");

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_member_that_decides_is_refused_twice_however_it_is_spelled(string first, string second)
    {
        await using var world = await TestWorld.StartAsync();
        foreach (var path in new[] { "/v1/chat/completions", "/v1/responses", "/v1/proxy/x" })
        {
            var answer = await world.SendAsync(world.Json(path, $$"""{"{{first}}":1,"other":[{"model":1}],"{{second}}":2}"""));
            Assert.Equal(400, answer.Status);
            Assert.Contains("twice", answer.ErrorMessage, StringComparison.Ordinal);
        }

        Assert.Empty(world.Provider.Requests);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Every_route_that_looks_into_bodies_refuses(string path)
    {
        await using var world = await TestWorld.StartAsync();
        var answer = await world.SendAsync(world.Json(path, """{"model":"cheap","input":"x","model":"dear"}"""));
        Assert.Equal(400, answer.Status);
        Assert.Contains("'model' is there twice", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Empty(world.Provider.Requests);
    }

    [Theory]
    [InlineData("{\"model\":\"m\",\"x\":{\"model\":1,\"model\":2},\"a\":1,\"a\":2}")]
    [InlineData("{\"model\":\"m\",\"moodel\":1,\"models\":2}")]
    [InlineData("{\"Model\":\"m\"}")]
    [InlineData("{\"model\":\"m\",\"m\u00f6del\":1,\"m\u00f6del\":2}")]
    public async Task What_decides_nothing_passes_as_it_is(string body)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        Assert.Equal(200, (await world.SendAsync(world.Json("/v1/chat/completions", body))).Status);
        Assert.Equal(body, (await world.Provider.NextRequestAsync(Patience.Token)).BodyText);
    }

    [Theory]
    [InlineData("""{"provider":"p0","provider":"openai"}""")]
    [InlineData("""{"provider":"p0","provid\u0065r":"openai"}""")]
    [InlineData("""{"provider":"p0","api_key":"a","apiKey":"b"}""")]
    [InlineData("""{"provider":"p0","custom_host":"http://127.0.0.1:1","customHost":"http://127.0.0.1:2"}""")]
    [InlineData("""{"provider":"p0","override_params":{"model":"a","model":"b"}}""")]
    [InlineData("""{"provider":"openai","openai_project":"a","openaiProject":"b"}""")]
    [InlineData("""{"strategy":{"mode":"single"},"targets":[{"provider":"p0"}],"targets":[{"provider":"openai"}]}""")]
    public async Task A_config_says_nothing_twice(string config)
    {
        await using var world = await TestWorld.StartAsync();
        var answer = await world.SendAsync(world.Chat(config));
        Assert.Equal(400, answer.Status);
        Assert.Equal("invalid_config", answer.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Empty(world.Provider.Requests);
    }

    [Theory]
    [InlineData("x-portkey-config", """{"provider":"p0"}""", """{"provider":"openai"}""")]
    [InlineData("x-portkey-provider", "p0", "openai")]
    [InlineData("x-portkey-custom-host", "http://127.0.0.1:1", "http://127.0.0.1:2")]
    [InlineData("Content-Type", "application/json", "text/plain")]
    public async Task A_header_that_decides_is_not_taken_from_two(string name, string first, string second)
    {
        await using var world = await TestWorld.StartAsync();
        const string body = """{"model":"m","messages":[]}""";
        await using var client = new RawClient(world);
        await client.SendAsync($"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n{name}: {first}\r\n{name}: {second}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        Assert.StartsWith("HTTP/1.1 400", await client.ReadAnswerAsync(), StringComparison.Ordinal);
        Assert.Empty(world.Provider.Requests);
    }

    /// <summary>A form is not looked into, so that there is only one reader: the provider's.</summary>
    [Fact]
    public async Task A_form_passes_as_it_is()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"text":"hi"}"""));
        var form = new MultipartFormDataContent("b") { { new StringContent("cheap"), "model" }, { new StringContent("dear"), "model" }, { new ByteArrayContent([1]), "file", "a" } };
        var expected = await form.ReadAsStringAsync(Patience.Token);
        var config = """{"provider":"p0","override_params":{"model":"other"}}""";
        var answer = await world.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/v1/audio/transcriptions") { Content = form, Headers = { { "x-portkey-config", config } } });
        Assert.Equal(200, answer.Status);
        Assert.Equal(expected, (await world.Provider.NextRequestAsync(Patience.Token)).BodyText);
    }

    /// <summary>What a config changes in a body is changed, or the request is refused: never passed as it was.</summary>
    [Theory]
    [InlineData("application/json", "{\"model\":\"dear\",}")]
    [InlineData("application/json", "{\"model\":\"dear\"}//")]
    [InlineData("application/json", "[{\"model\":\"dear\"}]")]
    [InlineData("application/json; charset=utf-16", "{\"model\":\"dear\"}")]
    [InlineData("application/json; charset=\"UTF-7\"", "{\"model\":\"dear\"}")]
    public async Task A_config_that_changes_the_body_is_not_led_around_by_one_that_it_cannot_read(string contentType, string body)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        foreach (var path in new[] { "/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1/proxy/chat/completions" })
        {
            var request = world.Json(path, "", """{"provider":"p0","override_params":{"model":"cheap"}}""");
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            var answer = await world.SendAsync(request);
            Assert.True(answer.Status == 400, $"{path}: {answer.Status} {answer.Text}");
        }

        Assert.Empty(world.Provider.Requests);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=\"UTF-8\"")]
    [InlineData("application/json; charset=us-ascii; x=y")]
    [InlineData("application/vnd.api+json")]
    public async Task What_says_that_it_is_utf8_passes(string contentType)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var request = world.Chat();
        request.Content!.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        Assert.Equal(200, (await world.SendAsync(request)).Status);
        Assert.Equal(contentType, (await world.Provider.NextRequestAsync(Patience.Token)).Headers["Content-Type"]);
    }
}
