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
    [InlineData("X-Forwarded-For: 127.0.0.1")]
    [InlineData("Forwarded: for=127.0.0.1")]
    [InlineData("Host: evil.example")]
    public async Task A_request_that_may_come_from_a_page_or_another_machine_gets_none(string header)
    {
        await using var world = await StartAsync();
        var answer = await world.SendAsync(Request(world, "x-portkey-provider: groq", header));
        Assert.Equal(401, answer.Status);
        Assert.Contains("GROQ_API_KEY", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, answer.Text, StringComparison.Ordinal);
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
