using Penstock.Providers;
using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>Keys of the gateway's environment through the whole gateway: whom they serve, and where they never go.</summary>
public sealed class EnvironmentKeyTests
{
    private const string Key = "sk-environment";

    private static CancellationToken Stop => Patience.Token;

    [Theory]
    [InlineData("x-portkey-provider: acme")]
    [InlineData("x-portkey-config: {\"provider\":\"acme\"}")]
    [InlineData("x-portkey-config: {\"strategy\":{\"mode\":\"single\"},\"targets\":[{\"provider\":\"acme\"}]}")]
    [InlineData("x-nothing: the model alone")]
    [InlineData("Authorization: Bearer DUMMY-KEY")]
    public async Task They_serve_a_request_that_brings_none(string header)
    {
        await using var world = await StartAsync();
        Assert.Equal(200, (await world.SendAsync(Request(world, header))).Status);
        Assert.Equal("Bearer " + Key, (await world.Provider.NextRequestAsync(Stop)).Headers["Authorization"]);
    }

    [Theory]
    [InlineData("Authorization: Bearer sk-own", "Bearer sk-own")]
    [InlineData("x-portkey-config: {\"provider\":\"acme\",\"api_key\":\"sk-config\"}", "Bearer sk-config")]
    public async Task A_key_of_the_request_counts_first(string header, string expected)
    {
        await using var world = await StartAsync();
        Assert.Equal(200, (await world.SendAsync(Request(world, header))).Status);
        Assert.Equal(expected, (await world.Provider.NextRequestAsync(Stop)).Headers["Authorization"]);
    }

    [Theory]
    [InlineData("Origin: https://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Referer: https://evil.example/page")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    [InlineData("X-Forwarded-For: 127.0.0.1")]
    [InlineData("Forwarded: for=127.0.0.1")]
    [InlineData("Via: 1.1 proxy")]
    [InlineData("CF-Ray: 1")]
    [InlineData("Tailscale-User-Login: a@b")]
    [InlineData("x-penstock-hops: 1")]
    [InlineData("Host: evil.example")]
    [InlineData("Host: localhost.evil.example")]
    public async Task A_request_that_may_come_from_a_page_or_another_machine_gets_none(string header)
    {
        await using var world = await StartAsync();
        var answer = await world.SendAsync(Request(world, "x-portkey-provider: groq", header));
        Assert.Equal(401, answer.Status);
        Assert.Contains("GROQ_API_KEY", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, answer.Text, StringComparison.Ordinal);
        foreach (var path in (string[])["/v1/proxy/x", "/v1/files", "/v1/embeddings", "/v1/messages"])
        {
            await world.SendAsync(Request(world, path, "x-portkey-provider: acme", header));
        }

        Assert.All(world.Provider.Requests, request => Assert.False(request.Headers.Contains("Authorization")));
    }

    /// <summary>Through itself a gateway looks like a program of this machine, whoever asked it first.</summary>
    [Fact]
    public async Task They_do_not_come_by_way_of_the_gateway_itself()
    {
        await using var world = await StartAsync();
        foreach (var header in (string[])["X-Forwarded-For: 203.0.113.7", "x-nothing: a program of this machine"])
        {
            await world.SendAsync(Request(world, "x-portkey-provider: openai", "x-portkey-custom-host: " + world.Address + "/v1", header));
        }

        Assert.All(world.Provider.Requests, request => Assert.False(request.Headers.Contains("Authorization")));
    }

    /// <summary>Every provider of the catalogue, with its key in the environment, by every way to another host.</summary>
    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/proxy/x")]
    [InlineData("/v1/embeddings")]
    [InlineData("/v1/messages")]
    [InlineData("/v1/files/f")]
    public async Task None_goes_to_a_host_that_the_request_names(string path)
    {
        var rows = Catalogue.BuiltIn.Rows;
        await using var world = await TestWorld.StartAsync(
            environment: rows.SelectMany(row => row.EnvironmentKeys).Distinct(StringComparer.Ordinal).ToDictionary(name => name, _ => Key, StringComparer.Ordinal),
            options: new SimulatorOptions { ApiKey = null });
        var host = world.Provider.BaseUrl;
        foreach (var row in rows)
        {
            string[] ways =
            [
                $"x-portkey-config: {{\"provider\":\"{row.Id}\",\"custom_host\":\"{host}\"}}",
                $"x-portkey-config: {{\"provider\":\"{row.Id}\",\"customHost\":\"{host}\"}}",
                $"x-portkey-config: {{\"customHost\":\"{host}\",\"strategy\":{{\"mode\":\"fallback\"}},\"targets\":[{{\"provider\":\"{row.Id}\"}}]}}",
                .. row.Options.Values.Where(option => row.UrlOptions.Contains(option.Name) || row.Variants.Any(variant => variant.Row.UrlOptions.Contains(option.Name)))
                    .Select(option => $"x-portkey-config: {{\"provider\":\"{row.Id}\",\"{option.Name}\":\"{host}\"}}"),
            ];
            foreach (var way in ways) await world.SendAsync(Request(world, path, way));
            await world.SendAsync(Request(world, path, "x-portkey-provider: " + row.Id, "x-portkey-custom-host: " + host));
            await world.SendAsync(Request(world, path, $"x-portkey-config: {{\"provider\":\"{row.Id}\"}}", "x-portkey-custom-host: " + host));
        }

        Assert.True(world.Provider.Requests.Count > 40, $"{world.Provider.Requests.Count} requests");
        foreach (var received in world.Provider.Requests)
        {
            Assert.DoesNotContain(Key, received.RawTarget, StringComparison.Ordinal);
            Assert.All(received.Headers, header => Assert.DoesNotContain(Key, header.Value, StringComparison.Ordinal));
            Assert.DoesNotContain(Key, received.BodyText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task They_are_off_once_the_gateway_listens_to_other_machines()
    {
        await using var world = await StartAsync(isLocal: false);
        Assert.Equal(401, (await world.SendAsync(Request(world, "x-portkey-provider: groq"))).Status);
    }

    [Fact]
    public async Task They_go_to_no_host_that_the_request_names()
    {
        await using var world = await StartAsync();
        var answer = await world.SendAsync(Request(world, "x-portkey-provider: groq", "x-portkey-custom-host: " + world.Provider.BaseUrl));
        Assert.Equal(200, answer.Status);
        Assert.False((await world.Provider.NextRequestAsync(Stop)).Headers.Contains("Authorization"));
    }

    private static HttpRequestMessage Request(TestWorld world, params string[] headers)
    {
        if (headers[0].StartsWith('/'))
        {
            var moved = Request(world, headers[1..]);
            moved.RequestUri = new Uri(headers[0], UriKind.Relative);
            return moved;
        }

        world.Client.DefaultRequestHeaders.Remove("Authorization");
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var request = world.Chat(model: "acme-large");
        request.Headers.Remove("x-portkey-provider");
        foreach (var header in headers) request.Headers.TryAddWithoutValidation(header.Split(": ", 2)[0], header.Split(": ", 2)[1]);
        return request;
    }

    private static Task<TestWorld> StartAsync(bool isLocal = true) => TestWorld.StartAsync(
        environment: new Dictionary<string, string> { ["ACME_API_KEY"] = Key, ["GROQ_API_KEY"] = Key },
        isLocal: isLocal,
        options: new SimulatorOptions { ApiKey = null },
        file: providers => $$"""
            { "providers": { "acme": { "base_url": "{{providers[0].BaseUrl}}", "environment_keys": ["ACME_API_KEY"], "models": ["acme-large"] } }, "trusted_hosts": ["127.0.0.1"] }
            """);
}
