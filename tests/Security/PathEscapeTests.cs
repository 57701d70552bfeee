using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>
/// Paths that try to leave the provider's base, for which the key is meant. Each is refused, or arrives below the base as
/// it was sent.
/// </summary>
public sealed class PathEscapeTests
{
    private const string Base = "/openai/v1";

    [Theory]
    [InlineData("/v1/proxy/../x")]
    [InlineData("/v1/proxy/./x")]
    [InlineData("/v1/proxy/x/..")]
    [InlineData("/v1/proxy/x/.")]
    [InlineData("/v1/../v1/proxy/x")]
    [InlineData("/v1/proxy/%2e%2e/x")]
    [InlineData("/v1/proxy/%2E./x")]
    [InlineData("/v1/proxy/.%2e/x")]
    [InlineData("/v1/proxy/%2e/x")]
    [InlineData("/v1/proxy/x%2f..%2fy")]
    [InlineData("/v1/proxy/x%2F%2e%2E%2fy")]
    [InlineData("/v1/proxy/..%2fx")]
    [InlineData("/v1/proxy/..%5cx")]
    [InlineData("/v1/proxy/..\\x")]
    [InlineData("/v1/proxy/x\\..\\y")]
    [InlineData("/v1/proxy/%5c..%5cx")]
    [InlineData("/v1/proxy/..;/x")]
    [InlineData("/v1/proxy/..;a=b/x")]
    [InlineData("/v1/proxy/.;/x")]
    [InlineData("/v1/proxy/..%3b/x")]
    [InlineData("/v1/proxy/%2e%2e%3B/x")]
    [InlineData("/v1/proxy/%c0%ae%c0%ae/x")]
    [InlineData("/v1/proxy/%C0%AE./x")]
    [InlineData("/v1/proxy/..%c0%afx")]
    [InlineData("/v1/proxy/..%c1%9cx")]
    [InlineData("/v1/files/../x")]
    [InlineData("/v1/files/%2e%2e/x")]
    [InlineData("/v1/files/id/content/../../x")]
    [InlineData("/v1/chat/../x")]
    [InlineData("/v1/chat/%2e%2e/completions")]
    [InlineData("/v1/unknown/../x?a=/../b")]
    [InlineData("http://localhost/v1/proxy/../x")]
    [InlineData("http://localhost/v1/proxy/%2e%2e/x")]
    [InlineData("http://localhost/x/../v1/proxy/y")]
    [InlineData("http://localhost/v1/proxy/..\\x")]
    [InlineData("/v1/proxy/a#b")]
    [InlineData("/v1/proxy/a?b#c")]
    [InlineData("/v1/proxy/a\tb")]
    [InlineData("/v1/proxy/a\u0001b")]
    [InlineData("/v1/proxy/a\u000bb")]
    [InlineData("/v1/proxy/a\rb")]
    [InlineData("/v1/proxy/a\rX-Injected: 1")]
    [InlineData("/v1/proxy/a\u007fb")]
    [InlineData("/v1/proxy/a?b\rc")]
    [InlineData("/v1/proxy/%00")]
    [InlineData("/v1/proxy/é")]
    public async Task Is_refused(string target)
    {
        await using var world = await StartAsync();
        var (status, _) = await SendAsync(world, target);

        Assert.Equal(400, status);
        Assert.Empty(world.Provider.Requests);
    }

    [Theory]
    [InlineData("/v1/proxy/x", "/x")]
    [InlineData("/v1/proxy/x?a=/../b", "/x?a=/../b")]
    [InlineData("/v1/proxy/...", "/...")]
    [InlineData("/v1/proxy/..x/.y", "/..x/.y")]
    [InlineData("/v1/proxy/%252e%252e/x", "/%252e%252e/x")]
    [InlineData("/v1/proxy/a%2fb", "/a%2fb")]
    [InlineData("/v1/proxy/a%5cb", "/a%5cb")]
    [InlineData("/v1/proxy/a%0d%0aX-Injected:%201", "/a%0d%0aX-Injected:%201")]
    [InlineData("/v1/proxy//evil.example/x", "//evil.example/x")]
    [InlineData("/v1/proxy/@evil.example/x", "/@evil.example/x")]
    [InlineData("/v1/proxy/http://evil.example/x", "/http://evil.example/x")]
    [InlineData("/v1/proxy/https:/evil.openai.azure.com/x", "/https:/evil.openai.azure.com/x")]
    [InlineData("/v1/proxy", "/")]
    [InlineData("/v1/%70roxy/x", "/%70roxy/x")]
    [InlineData("/%76%31/proxy/x", "/x")]
    [InlineData("/v1/files/a%2f..b/content", "/files/a%2f..b/content")]
    [InlineData("/v1//x", "//x")]
    [InlineData("http://localhost/v1/proxy/x?y", "/x?y")]
    [InlineData("/v1/proxy/a\"b", "/a\"b")]
    [InlineData("/v1/proxy/a|b{c}", "/a|b{c}")]
    public async Task Arrives_below_the_base_as_it_was_sent(string target, string expected)
    {
        await using var world = await StartAsync();
        var (status, text) = await SendAsync(world, target);

        Assert.True(status == 200, text);
        Assert.Equal(Base + expected, Assert.Single(world.Provider.Requests).RawTarget);
    }

    [Theory]
    [InlineData("..", 400)]
    [InlineData(".", 400)]
    [InlineData("../../v1/other", 400)]
    [InlineData("a/../b", 400)]
    [InlineData("owner/name", 200)]
    [InlineData("%2e%2e", 200)]
    [InlineData("a?b=c#d", 200)]
    [InlineData("a\\r\\nX: y", 200)]
    [InlineData("é 模型", 200)]
    public async Task A_model_is_one_segment_of_a_path(string model, int expected)
    {
        await using var world = await TestWorld.StartAsync(file: providers => $$"""
            { "providers": { "acme": { "base_url": "{{providers[0].Origin}}{{Base}}", "operations": { "chat": "/models/{model}/chat" } } } }
            """);
        world.Provider.Always(Reply.Json("{\"choices\":[]}"));
        var request = world.Chat(model: model);
        request.Headers.Remove("x-portkey-provider");
        request.Headers.Add("x-portkey-provider", "acme");
        Assert.Equal(expected, (await world.SendAsync(request)).Status);

        if (expected != 200) Assert.Empty(world.Provider.Requests);
        else Assert.Matches("^/openai/v1/models/[A-Za-z0-9.%_-]+/chat$", world.Provider.Requests[0].RawTarget);
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    public async Task An_option_adds_no_dot_segment(string account)
    {
        var network = new TestNetwork(_ => [System.Net.IPAddress.Parse("104.16.0.1")], _ => null);
        await using var world = await TestWorld.StartAsync(network: network);
        var request = world.Chat(config: $$"""{"provider":"workers-ai","workers_ai_account_id":"{{account}}"}""");
        var answer = await world.SendAsync(request);

        Assert.Equal(400, answer.Status);
        Assert.Empty(network.Called);
    }

    [Theory]
    [InlineData("/a/../b")]
    [InlineData("/a/%2e%2e/b")]
    [InlineData("/..")]
    public async Task A_custom_host_has_no_dot_segment(string path)
    {
        await using var world = await StartAsync();
        var request = world.Chat();
        request.Headers.Add("x-portkey-custom-host", world.Provider.Origin + path);
        var answer = await world.SendAsync(request);

        Assert.Equal(400, answer.Status);
        Assert.Empty(world.Provider.Requests);
    }

    [Theory]
    [InlineData("CONNECT", "/v1/x")]
    [InlineData("CONNECT", "/v1/chat/completions")]
    [InlineData("TRACE", "/v1/proxy/x")]
    public async Task No_tunnel_and_no_trace_is_opened(string method, string target)
    {
        await using var world = await StartAsync();
        var (status, text) = await SendAsync(world, target, method);

        Assert.Equal(405, status);
        Assert.Contains("\r\nAllow: GET, HEAD, POST", text, StringComparison.Ordinal);
        Assert.Empty(world.Provider.Requests);
    }

    [Theory]
    [InlineData("evil.example:443")]
    [InlineData("http://evil.example/v1/x")]
    public async Task No_tunnel_to_another_host_is_opened(string target)
    {
        await using var world = await StartAsync();
        var (status, _) = await SendAsync(world, target, "CONNECT");

        Assert.InRange(status, 400, 499);
        Assert.Empty(world.Provider.Requests);
    }

    private static async Task<TestWorld> StartAsync()
    {
        var world = await TestWorld.StartAsync(file: providers => $$"""{ "providers": { "p0": { "base_url": "{{providers[0].Origin}}{{Base}}" } } }""");
        world.Provider.Always(Reply.Json("{\"choices\":[]}"));
        return world;
    }

    private static async Task<(int Status, string Text)> SendAsync(TestWorld world, string target, string method = "GET")
    {
        await using var client = new RawClient(world);
        await client.SendAsync($"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {TestWorld.Key}\r\nx-portkey-provider: p0\r\n\r\n");
        var text = await client.ReadAnswerAsync();
        return (int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), text);
    }
}
