using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>What the operator wrote into <c>penstock.json</c> goes to the hosts that he wrote there, whatever a caller says.</summary>
public sealed class StoredKeyTests
{
    private const string Canary = "canary-7f3a";

    /// <summary>Each names a saved config or a row of the file that holds the canary in another place.</summary>
    public static TheoryData<string, string> Targets => new()
    {
        { "x-portkey-config", "key" },
        { "x-portkey-config", "key-below" },
        { "x-portkey-config", "option" },
        { "x-portkey-config", "option-of-nobody" },
        { "x-portkey-config", "query" },
        { "x-portkey-provider", "with-header" },
        { "x-portkey-provider", "with-query" },
        { "x-portkey-provider", "with-default" },
        { "x-portkey-provider", "with-path" },
        { "x-portkey-config", """{"provider":"with-header"}""" },
        { "x-nothing", "the default config" },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task No_caller_can_send_it_to_another_host(string header, string value)
    {
        await using var world = await StartAsync();
        var evil = world.Providers[1];
        foreach (var path in (string[])["/v1/chat/completions", "/v1/proxy/x", "/v1/files/f"])
        {
            foreach (var more in (string[][])
            [
                ["x-portkey-custom-host", evil.BaseUrl],
                ["x-portkey-azure-foundry-url", evil.BaseUrl],
                ["x-portkey-huggingface-base-url", evil.BaseUrl],
                ["x-portkey-provider", "evil"],
            ])
            {
                var request = world.Json(path, """{"model":"m","messages":[]}""");
                request.Headers.Remove("x-portkey-provider");
                request.Headers.Add(header, value);
                if (more[0] != header) request.Headers.Add(more[0], more[1]);
                var answer = await world.SendAsync(request);
                Assert.DoesNotContain(Canary, answer.Text, StringComparison.Ordinal);
            }
        }

        foreach (var received in evil.Requests)
        {
            Assert.DoesNotContain(Canary, received.RawTarget, StringComparison.Ordinal);
            Assert.All(received.Headers, pair => Assert.DoesNotContain(Canary, pair.Value, StringComparison.Ordinal));
            Assert.DoesNotContain(Canary, received.BodyText, StringComparison.Ordinal);
        }
    }

    /// <summary>The counterpart: to its own host it goes.</summary>
    [Theory]
    [InlineData("x-portkey-config", "key")]
    [InlineData("x-portkey-config", "key-below")]
    [InlineData("x-portkey-config", "option")]
    [InlineData("x-portkey-config", "query")]
    [InlineData("x-portkey-provider", "with-header")]
    [InlineData("x-portkey-provider", "with-query")]
    [InlineData("x-portkey-provider", "with-default")]
    [InlineData("x-portkey-provider", "with-path")]
    public async Task It_goes_where_it_belongs(string header, string value)
    {
        await using var world = await StartAsync();
        var request = world.Chat();
        request.Headers.Remove("x-portkey-provider");
        request.Headers.Add(header, value);
        Assert.Equal(200, (await world.SendAsync(request)).Status);

        var received = Assert.Single(world.Providers[0].Requests);
        Assert.True(received.RawTarget.Contains(Canary, StringComparison.Ordinal) || received.Headers.Any(pair => pair.Value.Contains(Canary, StringComparison.Ordinal)));
    }

    private static async Task<TestWorld> StartAsync()
    {
        var world = await TestWorld.StartAsync(providers: 2, options: new SimulatorOptions { ApiKey = null }, file: providers => $$"""
            {
              "providers": {
                "own": { "base_url": "{{providers[0].BaseUrl}}", "options": { "token": {} }, "headers": { "X-Token": "{token}" } },
                "asks": { "base_url": "{{providers[0].BaseUrl}}", "options": { "token": {} }, "query": "key={token}" },
                "with-header": { "base_url": "{{providers[0].BaseUrl}}", "headers": { "X-Token": "{{Canary}}" } },
                "with-query": { "base_url": "{{providers[0].BaseUrl}}", "query": "key={{Canary}}" },
                "with-default": { "base_url": "{{providers[0].BaseUrl}}", "options": { "token": { "default": "{{Canary}}" } }, "headers": { "X-Token": "{token}" } },
                "with-path": { "base_url": "{{providers[0].BaseUrl}}", "operations": { "chat": "/chat/completions?key={{Canary}}" } },
                "evil": { "base_url": "{{providers[1].BaseUrl}}" }
              },
              "configs": {
                "key": { "provider": "own", "api_key": "{{Canary}}" },
                "key-below": { "strategy": { "mode": "fallback" }, "targets": [{ "provider": "own", "api_key": "{{Canary}}" }, { "provider": "own", "token": "{{Canary}}" }] },
                "option": { "provider": "own", "token": "{{Canary}}" },
                "option-of-nobody": { "token": "{{Canary}}", "api_key": "{{Canary}}" },
                "query": { "provider": "asks", "token": "{{Canary}}" }
              },
              "default_config": "key"
            }
            """);
        foreach (var provider in world.Providers) provider.Always(Reply.Json("{\"choices\":[]}"));
        return world;
    }
}
