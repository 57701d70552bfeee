using System.Globalization;
using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>
/// Web pages that reach a gateway on loopback or in a local network through their visitor's browser, as themselves or
/// under a name of theirs that leads to it (DNS rebinding). They get no key of the environment and no saved config.
/// </summary>
public sealed class HostAndOriginTests
{
    private const string Key = "sk-environment";

    public static IReadOnlyList<string> Routes => ["POST /v1/chat/completions", "POST /v1/proxy/x", "GET /v1/files", "GET /v1/nobodys", "POST /v1/messages", "DELETE /v1/files/f"];

    /// <summary>Lines of a request's head, its Host included.</summary>
    public static IReadOnlyList<string> Strangers =>
    [
        "Host: evil.example",
        "Host: evil.example:8787",
        "Host: localhost.evil.example",
        "Host: 127.0.0.1.nip.io",
        "Host: evil.example\r\nSec-Fetch-Site: same-origin",
        "Host: evil.example\r\nOrigin: http://evil.example",
        "Host: evil.example\r\nX-Forwarded-For: 127.0.0.1",
        "Host: 0.0.0.0:8787",
        "Host: 192.168.0.5:8787",
        "Host: localhost\r\nOrigin: https://evil.example",
        "Host: localhost\r\nOrigin: null",
        "Host: localhost\r\nOrigin: http://localhost:3000",
        "Host: localhost\r\nOrigin: http://evil.example\r\nOrigin: http://localhost:8787",
        "Host: localhost\r\nOrigin: http://localhost:8787, http://evil.example",
        "Host: localhost\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors",
        "Host: localhost\r\nSec-Fetch-Site: same-site",
    ];

    public static TheoryData<string, string> RoutesAndStrangers => [.. from route in Routes from stranger in Strangers select (route, stranger)];

    [Theory]
    [MemberData(nameof(RoutesAndStrangers))]
    public async Task A_strange_page_gets_nothing_of_the_operators(string route, string stranger)
    {
        await using var world = await StartAsync();
        foreach (var target in (string[])["x-portkey-config: saved", "x-nothing: the default config"])
        {
            var (status, text) = await SendAsync(world, route, stranger, target);
            Assert.True(status == 403, $"{target}: {text}");
        }

        // A server of one's own may need no key, so these are sent on, with none.
        Assert.Empty(world.Provider.Requests);
        foreach (var target in (string[])["x-portkey-provider: keyed", "x-portkey-config: {\"provider\":\"keyed\"}"]) await SendAsync(world, route, stranger, target);
        Assert.NotEmpty(world.Provider.Requests);
        Assert.All(world.Provider.Requests, request => Assert.False(request.Headers.Contains("Authorization")));
    }

    /// <summary>The same, when the request's line names a host as well.</summary>
    [Theory]
    [InlineData("http://evil.example", "Host: evil.example", 403)]
    [InlineData("http://localhost:8787", "Host: localhost:8787", 200)]
    [InlineData("http://localhost", "Host: evil.example", 400)]
    [InlineData("http://evil.example", "Host: localhost", 400)]
    [InlineData("http://localhost@evil.example", "Host: localhost", 400)]
    [InlineData("http://evil.example@localhost", "Host: evil.example", 400)]
    [InlineData("", "Host: localhost\r\nHost: localhost", 400)]
    [InlineData("", "Host: localhost\r\nHost: evil.example", 400)]
    [InlineData("", "Host: evil.example\r\nHost: localhost", 400)]
    [InlineData("", "Host: localhost, evil.example", 400)]
    [InlineData("", "Host: evil.example@localhost", 400)]
    [InlineData("", "Host: localhost@evil.example", 400)]
    [InlineData("", "Host: user:password@localhost", 400)]
    [InlineData("", "Host: localhost/evil.example", 400)]
    [InlineData("", "Host: localhost#evil.example", 400)]
    [InlineData("", "Host: localhost:8787:80", 400)]
    [InlineData("", "Host: localhost:x", 400)]
    [InlineData("", "Host: [::1", 400)]
    [InlineData("", "Host: evil.example:localhost", 400)]
    [InlineData("", "Host:", 403)]
    [InlineData("", "X-Host: none", 400)]
    [InlineData("", "Host: localhost.", 403)]
    [InlineData("", "Host: LOCALHOST", 200)]
    [InlineData("", "Host: app.localhost:1", 200)]
    [InlineData("", "Host: [::1]:8787", 200)]
    [InlineData("", "Host: 127.0.0.1:8787\r\nOrigin: http://127.0.0.1:8787\r\nSec-Fetch-Site: same-origin", 200)]
    [InlineData("", "Host: localhost:8787\r\nSec-Fetch-Site: none", 200)]
    public async Task A_host_is_read_in_one_way(string origin, string host, int status)
    {
        await using var world = await StartAsync();
        var (actual, text) = await SendAsync(world, $"POST {origin}/v1/chat/completions", host, "x-portkey-config: saved");

        Assert.True(actual == status, text);
        Assert.Equal(status == 200 ? 1 : 0, world.Provider.RequestCount);
    }

    [Fact]
    public async Task Who_brings_a_key_may_come_by_any_name()
    {
        await using var world = await StartAsync();
        var (status, text) = await SendAsync(world, Routes[0], "Host: gateway.example\r\nX-Forwarded-For: 203.0.113.7", "x-portkey-provider: keyed\r\nAuthorization: Bearer sk-own");

        Assert.True(status == 200, text);
        Assert.Equal("Bearer sk-own", world.Provider.Requests[0].Headers["Authorization"]);
    }

    /// <summary>Behind a proxy on the same machine that keeps the name, the operator says which names are his.</summary>
    [Theory]
    [InlineData("Host: gateway.example", 200)]
    [InlineData("Host: Gateway.Example:8443", 200)]
    [InlineData("Host: gateway.example\r\nOrigin: https://gateway.example", 200)]
    [InlineData("Host: gateway.example\r\nOrigin: https://app.example", 200)]
    [InlineData("Host: gateway.example\r\nOrigin: https://evil.example", 403)]
    [InlineData("Host: gateway.example\r\nOrigin: https://gateway.example.evil.example", 403)]
    [InlineData("Host: gateway.example.evil.example", 403)]
    [InlineData("Host: evil.example\r\nOrigin: http://evil.example", 403)]
    [InlineData("Host: localhost", 200)]
    public async Task An_allowed_name_may_use_saved_configs(string host, int status)
    {
        foreach (var isLocal in (bool[])[true, false])
        {
            await using var world = await StartAsync(isLocal, """, "allowed_hosts": ["gateway.example"], "cors_origins": ["https://app.example"]""");
            var (actual, text) = await SendAsync(world, Routes[0], host, "x-portkey-config: saved");
            Assert.True(actual == status, text);
        }
    }

    /// <summary>A gateway that is open to others answers to whatever name they give it, unless told which are its own.</summary>
    [Theory]
    [InlineData("Host: gateway.example", 200)]
    [InlineData("Host: 192.168.0.5:8787", 200)]
    [InlineData("Host: evil.example\r\nOrigin: http://evil.example", 403)]
    [InlineData("Host: gateway.example\r\nSec-Fetch-Site: cross-site", 403)]
    public async Task An_open_gateway_still_knows_strange_pages(string host, int status)
    {
        await using var world = await StartAsync(isLocal: false);
        var (actual, text) = await SendAsync(world, Routes[0], host, "x-portkey-config: saved");

        Assert.True(actual == status, text);
    }

    [Fact]
    public async Task States_the_fact_and_the_fix()
    {
        await using var world = await StartAsync();

        Assert.Contains("'allowed_hosts'", (await SendAsync(world, Routes[0], "Host: evil.example", "x-portkey-config: saved")).Text, StringComparison.Ordinal);
        Assert.Contains("'cors_origins'", (await SendAsync(world, Routes[0], "Host: localhost\r\nOrigin: https://evil.example", "x-portkey-config: saved")).Text, StringComparison.Ordinal);
    }

    private static async Task<TestWorld> StartAsync(bool isLocal = true, string settings = "")
    {
        var world = await TestWorld.StartAsync(
            isLocal: isLocal,
            ownOrigins: ["http://localhost:8787", "http://127.0.0.1:8787"],
            environment: new Dictionary<string, string> { ["KEYED_API_KEY"] = Key },
            options: new SimulatorOptions { ApiKey = null },
            file: providers => $$"""
                {
                  "providers": { "keyed": { "base_url": "{{providers[0].BaseUrl}}", "environment_keys": ["KEYED_API_KEY"] } },
                  "configs": { "saved": { "provider": "keyed", "api_key": "sk-saved" } },
                  "default_config": "saved"{{settings}}
                }
                """);
        world.Provider.Always(Reply.Json("{\"choices\":[]}"));
        return world;
    }

    private static async Task<(int Status, string Text)> SendAsync(TestWorld world, string route, string host, string target)
    {
        await using var client = new RawClient(world);
        const string body = """{"model":"m","messages":[]}""";
        var hasBody = route.StartsWith("POST", StringComparison.Ordinal);
        await client.SendAsync($"{route} HTTP/1.1\r\n{host}\r\nConnection: close\r\n{target}\r\n{(hasBody ? $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}" : "\r\n")}");
        var text = await client.ReadAnswerAsync();
        return (int.Parse(text.AsSpan(9, 3), CultureInfo.InvariantCulture), text);
    }
}
