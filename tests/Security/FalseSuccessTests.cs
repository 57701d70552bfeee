using System.Text;
using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>A status of success does not make an answer: what is none counts as the provider's failure, and the next target is tried.</summary>
public sealed class FalseSuccessTests
{
    private const string Good = """{"choices":[],"data":[],"results":[]}""";

    private static readonly string[] Operations = ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/moderations", "/v1/responses", "/v1/messages"];

    public sealed record BadAnswer(string What, Reply Reply, bool AlsoWhereAnyObjectPasses = true)
    {
        public override string ToString() => What;
    }

    public static TheoryData<BadAnswer> Documents => new(new BadAnswer[]
    {
        new("a page", Reply.Html(200)),
        new("a page that says it is JSON", Reply.Bytes("<html></html>"u8.ToArray(), "application/json")),
        new("nothing", Reply.Empty()),
        new("nothing, with a type", Reply.Bytes(default, "application/json")),
        new("spaces", Reply.Json("  \n")),
        new("no content", Reply.Status(204)),
        new("a cut document", Reply.Json("""{"choices":[{"index":0,"message":{"content":"Hi"}""")),
        new("a document cut behind a brace", Reply.Json("""{"choices":[{"index":0}""")),
        new("two documents", Reply.Json("""{"choices":[]}{"choices":[]}""")),
        new("a list", Reply.Json("""[{"choices":[]}]""")),
        new("a text", Reply.Json("\"hello\"")),
        new("plain words", Reply.Text("upstream busy")),
        new("null", Reply.Json("null")),
        new("an empty object", Reply.Json("{}"), AlsoWhereAnyObjectPasses: false),
        new("another object", Reply.Json("""{"detail":"Not Found"}"""), AlsoWhereAnyObjectPasses: false),
        new("an event stream", Reply.Sse("""{"choices":[]}""")),
        new("a member deep down", Reply.Json("""{"x":{"choices":[],"data":[],"results":[]}}"""), AlsoWhereAnyObjectPasses: false),
        new("too deep", Reply.Json("{\"choices\":" + new string('[', 500) + new string(']', 500) + "}")),
    });

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task A_document_that_is_none_is_a_502_and_leads_on(BadAnswer bad)
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Providers[0].Always(bad.Reply);
        world.Providers[1].Always(Reply.Json(Good));
        foreach (var path in Operations)
        {
            if (!bad.AlsoWhereAnyObjectPasses && path is "/v1/responses" or "/v1/messages") continue;
            var alone = await world.SendAsync(world.Json(path, """{"model":"m"}"""));
            Assert.True(alone.Status == 502, $"{path}: {alone.Status} {alone.Text}");
            Assert.StartsWith("p0 answered ", alone.ErrorMessage, StringComparison.Ordinal);
            var answer = await world.SendAsync(world.Json(path, """{"model":"m"}""", Configs.Fallback()));
            Assert.True(answer.Status == 200, $"{path}: {answer.Status} {answer.Text}");
            Assert.Equal("config.targets[1]", answer.Leaf);
        }
    }

    public static TheoryData<BadAnswer> Streams => new(new BadAnswer[]
    {
        new("a document", Reply.Json(Good)),
        new("a page", Reply.Html(200)),
        new("nothing", Reply.Empty()),
        new("plain words", Reply.Text("upstream busy")),
        new("no content", Reply.Status(204)),
    });

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task A_stream_that_is_none_is_a_502_and_leads_on(BadAnswer bad)
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Providers[0].Always(bad.Reply);
        foreach (var path in new[] { "/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/messages" })
        {
            var body = """{"model":"m","stream":true,"messages":[{"role":"user","content":"x"}],"prompt":"x","input":"x","max_tokens":9}""";
            world.Providers[1].Always(Reply.Sse("""{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"""));
            Assert.Equal(502, (await world.SendAsync(world.Json(path, body))).Status);
            var answer = await world.SendAsync(world.Json(path, body, Configs.Fallback()));
            Assert.True(answer.Status == 200, $"{path}: {answer.Status} {answer.Text}");
            Assert.Equal("config.targets[1]", answer.Leaf);
        }
    }

    /// <summary>Some providers say with a 200 that it failed; their words count, and the status that they name.</summary>
    [Theory]
    [InlineData("""{"error":{"message":"Slow down","type":"rate","code":429}}""", 429, "p0 error: Slow down")]
    [InlineData("""{"error":{"message":"Broken","code":"x"}}""", 502, "p0 error: Broken")]
    [InlineData("""{"error":"Busy"}""", 502, "p0 error: Busy")]
    [InlineData("""{"id":"x","error":{"message":"No","status":503},"usage":{}}""", 503, "p0 error: No")]
    public async Task An_error_with_a_200_is_the_error_that_it_is(string body, int status, string message)
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Providers[0].Always(Reply.Json(body));
        world.Providers[1].Always(Reply.Json(Good));
        var alone = await world.SendAsync(world.Chat());
        Assert.Equal((status, message), (alone.Status, alone.ErrorMessage));
        Assert.Equal("p0", alone.Json.GetProperty("provider").GetString());
        Assert.Equal("config.targets[1]", (await world.SendAsync(world.Chat(Configs.Fallback()))).Leaf);
        Assert.Equal("config.targets[1]", (await world.SendAsync(world.Chat(Configs.Fallback(strategy: $$""","on_status_codes":[{{status}}]""")))).Leaf);
    }

    [Theory]
    [InlineData("""{"choices":[],"error":null}""")]
    [InlineData("""{"choices":[],"error":{"message":"a part of it failed"}}""")]
    [InlineData("\uFEFF{\"choices\":[]}")]
    [InlineData("\n {\"choices\":null}\n")]
    [InlineData("""{"choices":[{"message":{"content":"\ud800"}}],"n":1e999}""")]
    public async Task What_can_be_an_answer_passes_as_it_is(string body)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json(body));
        using var response = await world.OpenAsync(world.Chat());
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(Encoding.UTF8.GetBytes(body), await response.Content.ReadAsByteArrayAsync(Patience.Token));
    }

    [Theory]
    [InlineData("/v1/audio/speech", "{\"model\":\"m\"}")]
    [InlineData("/v1/images/generations", "{\"model\":\"m\"}")]
    [InlineData("/v1/batches", "{\"a\":1}")]
    public async Task A_page_is_no_answer_to_anything_typed(string path, string body)
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Providers[0].Always(Reply.Html(200));
        world.Providers[1].Always(Reply.Bytes(new byte[10], "audio/mpeg"));
        Assert.Equal(502, (await world.SendAsync(world.Json(path, body))).Status);
        Assert.Equal("config.targets[1]", (await world.SendAsync(world.Json(path, body, Configs.Fallback()))).Leaf);
        if (path == "/v1/batches") return;
        world.Providers[0].Always(Reply.Bytes(default, "audio/mpeg"));
        Assert.Equal(502, (await world.SendAsync(world.Json(path, body))).Status);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_handed_to_the_client_who_would_take_his_keys_along(int status)
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Providers[0].Always(Reply.Status(status, "moved").WithHeader("location", "https://evil.example/v1"));
        world.Providers[1].Always(Reply.Json(Good));
        var answer = await world.SendAsync(world.Chat());
        Assert.Equal(502, answer.Status);
        Assert.Null(answer.Header("location"));
        Assert.DoesNotContain("evil", answer.Text, StringComparison.Ordinal);
        Assert.Equal("config.targets[1]", (await world.SendAsync(world.Chat(Configs.Fallback()))).Leaf);
    }

    [Fact]
    public async Task What_a_provider_does_not_offer_leads_on_whatever_statuses_are_listed()
    {
        await using var world = await TestWorld.StartAsync(providers: 1);
        world.Provider.Always(Reply.Json(Good));
        const string config = """{"strategy":{"mode":"fallback","on_status_codes":[429]},"targets":[{"provider":"anthropic","api_key":"k"},{"provider":"azure-openai","azure_auth_mode":"entra","resource_name":"r","deployment_id":"d","api_version":"v1"},{"provider":"p0"}]}""";
        var answer = await world.SendAsync(world.Json("/v1/embeddings", """{"model":"m","input":"x"}""", config));
        Assert.Equal((200, "config.targets[2]"), (answer.Status, answer.Leaf));
    }
}
