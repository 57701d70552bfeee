using System.Text.Json;
using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>Providers that repeat the key in what they say about it: nobody learns the gateway's key from them.</summary>
public sealed class KeyEchoTests
{
    private const string Key = "sk-gateway/canary+4f7a9c=";

    public static TheoryData<string> Places => new("saved", "environment", "query", "header");

    private static CancellationToken Stop => Patience.Token;

    [Theory]
    [MemberData(nameof(Places))]
    public async Task The_gateways_key_is_taken_out_of_an_error(string place)
    {
        await using var world = await StartAsync();
        foreach (var path in new[] { "/v1/chat/completions", "/v1/messages", "/v1/proxy/x", "/v1/files" })
        {
            foreach (var spelled in new[] { Key, Key.Replace("/", "\\/", StringComparison.Ordinal), Uri.EscapeDataString(Key) })
            {
                var body = $$$"""{"error":{"message":"Incorrect API key: {{{spelled}}}. Again: {{{spelled}}}"}}""";
                world.Provider.Always(Reply.Json(body, 401).WithHeader("x-your-key", spelled).WithHeader("x-other", "stays"));
                var request = Request(world, place, path);
                var answer = await world.SendAsync(request);
                Assert.Equal(401, answer.Status);
                Assert.Contains("Incorrect API key: ****", answer.Text, StringComparison.Ordinal);
                Assert.DoesNotContain("canary", answer.Text, StringComparison.Ordinal);
                Assert.Equal((null, "stays"), (answer.Header("x-your-key"), answer.Header("x-other")));
                JsonDocument.Parse(answer.Text).Dispose();
                if (place == "query") Assert.Contains(Uri.EscapeDataString(Key), (await world.Provider.NextRequestAsync(Stop)).RawTarget, StringComparison.Ordinal);
                else Assert.Contains((await world.Provider.NextRequestAsync(Stop)).Headers, header => header.Value.Contains(Key, StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task It_is_taken_out_of_an_error_that_comes_with_a_200(string place)
    {
        await using var world = await StartAsync();
        const string error = "{\"error\":{\"message\":\"Incorrect API key: " + Key + "\"}}";
        foreach (var reply in new Reply[] { Reply.Json(error), Reply.Sse("""{"choices":[{"index":0,"delta":{"content":"a"}}]}""", error), Reply.Sse(error) })
        {
            world.Provider.Always(reply);
            var answer = await world.SendAsync(Request(world, place, "/v1/chat/completions", isStream: reply is SseReply));
            Assert.Contains("Incorrect API key: ****", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("canary", answer.Text, StringComparison.Ordinal);
        }
    }

    /// <summary>What the provider says about the caller's own key is his to read, but clients log errors.</summary>
    [Fact]
    public async Task A_callers_key_is_taken_out_where_we_write_the_error_and_passes_where_we_do_not()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"error":{"message":"Incorrect API key: sk-callers-own"}}""", 401));
        foreach (var (path, text) in new[] { ("/v1/chat/completions", "**************"), ("/v1/proxy/x", "sk-callers-own") })
        {
            var request = world.Json(path, """{"model":"m"}""", """{"provider":"p0","api_key":"sk-callers-own"}""");
            Assert.Contains("Incorrect API key: " + text + "\"", (await world.SendAsync(request)).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_error_without_the_key_passes_byte_for_byte_however_large()
    {
        await using var world = await StartAsync();
        var body = new byte[3 << 20];
        new Random(7).NextBytes(body);
        world.Provider.Always(Reply.Bytes(body, "application/octet-stream", 500));
        using var response = await world.OpenAsync(Request(world, "saved", "/v1/proxy/x"));
        Assert.Equal(body, await response.Content.ReadAsByteArrayAsync(Stop));
    }

    private static HttpRequestMessage Request(TestWorld world, string place, string path, bool isStream = false)
    {
        world.Client.DefaultRequestHeaders.Remove("Authorization");
        return world.Json(path, $$"""{"model":"m","stream":{{(isStream ? "true" : "false")}}}""", place);
    }

    private static Task<TestWorld> StartAsync() => TestWorld.StartAsync(
        environment: new Dictionary<string, string> { ["ACME_API_KEY"] = Key },
        file: providers => $$"""
            { "providers": {
                "acme": { "base_url": "{{providers[0].BaseUrl}}" },
                "env": { "base_url": "{{providers[0].BaseUrl}}", "environment_keys": ["ACME_API_KEY"] },
                "query": { "base_url": "{{providers[0].BaseUrl}}", "auth": { "kind": "query", "name": "key" } },
                "header": { "base_url": "{{providers[0].BaseUrl}}", "auth": { "kind": "header", "name": "x-acme-key" } } },
              "configs": {
                "saved": { "provider": "acme", "api_key": "{{Key}}" },
                "environment": { "provider": "env" },
                "query": { "provider": "query", "api_key": "{{Key}}" },
                "header": { "provider": "header", "api_key": "{{Key}}" } } }
            """);
}
