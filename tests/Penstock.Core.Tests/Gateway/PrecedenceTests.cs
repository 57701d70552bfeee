using Penstock.Simulator;

namespace Penstock.Core.Tests.Gateway;

/// <summary>
/// What a request's headers and its config say about one thing: which of them counts. Four kinds of request: without a
/// config, with one that names no provider, with one that does, and with one that has targets.
/// </summary>
public sealed class PrecedenceTests
{
    private const string Azure = "\"provider\":\"azure-openai\"";

    private static CancellationToken Stop => Patience.Token;

    /// <summary>Every request brings the key sk-sim, the provider azure-openai, deployment h and version 2024-01-01.</summary>
    public static TheoryData<string, string?, string, string?> Requests => new()
    {
        // the config, what Azure is asked for, the key it gets
        { "no config", null, "/deployments/h/chat/completions?api-version=2024-01-01", "sk-sim" },
        { "settings alone", """{"retry":{"attempts":1}}""", "/deployments/h/chat/completions?api-version=2024-01-01", "sk-sim" },
        { "headers beat options and key", """{"deployment_id":"c","api_version":"2025-01-01","api_key":"sk-config"}""", "/deployments/h/chat/completions?api-version=2024-01-01", "sk-sim" },
        { "a named provider keeps its own", $$"""{{{Azure}},"deployment_id":"c","api_version":"2025-01-01","api_key":"sk-config"}""", "/deployments/c/chat/completions?api-version=2025-01-01", "sk-config" },
        { "what it lacks is filled", $$"""{{{Azure}},"deployment_id":"c"}""", "/deployments/c/chat/completions?api-version=2024-01-01", "sk-sim" },
        { "targets read no options", $$"""{"strategy":{"mode":"single"},"targets":[{{{Azure}},"deployment_id":"c","api_key":"sk-config"}]}""", "/v1/chat/completions", "sk-config" },
        { "targets without a key take the caller's", $$"""{"strategy":{"mode":"single"},"targets":[{{{Azure}},"deployment_id":"c"}]}""", "/v1/chat/completions", "sk-sim" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task The_target_is_built_from(string what, string? config, string target, string? key)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var request = world.Chat(config);
        request.Headers.Remove("x-portkey-provider");
        request.Headers.Add("x-portkey-provider", "azure-openai");
        request.Headers.Add("x-portkey-custom-host", world.Provider.BaseUrl + "/azure");
        request.Headers.Add("x-portkey-azure-deployment-id", "h");
        request.Headers.Add("x-portkey-azure-api-version", "2024-01-01");
        var answer = await world.SendAsync(request);
        Assert.True(answer.Status == 200, $"{what}: {answer.Text}");
        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.Equal("/v1/azure" + target, received.RawTarget);
        Assert.Equal(key, received.Headers["api-key"]);
    }

    [Theory]
    [InlineData("""{"provider":"p1"}""")]
    [InlineData("""{"strategy":{"mode":"single"},"targets":[{"provider":"p1"}]}""")]
    public async Task A_config_that_names_a_provider_does_not_ask_the_header(string config)
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        var request = world.Chat(config);
        request.Headers.Add("x-portkey-provider", "p0");
        var answer = await world.SendAsync(request);
        Assert.Equal((200, "p1"), (answer.Status, answer.Header("x-portkey-provider")));
    }

    [Theory]
    [InlineData("""{"provider":"p0"}""")]
    [InlineData("""{"strategy":{"mode":"fallback"},"targets":[{"provider":"p0"},{"strategy":{"mode":"single"},"targets":[{"provider":"p0","custom_host":"http://localhost:1/v1"}]}]}""")]
    public async Task A_custom_host_in_the_header_is_every_targets(string config)
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        foreach (var reply in new[] { Reply.Status(500), Reply.Json("""{"choices":[]}""") }) world.Providers[1].Enqueue(reply);
        var request = world.Chat(config);
        request.Headers.Add("x-portkey-custom-host", world.Providers[1].BaseUrl);
        await world.SendAsync(request);
        Assert.Empty(world.Providers[0].Requests);
        Assert.NotEmpty(world.Providers[1].Requests);
    }

    [Fact]
    public async Task Forwarded_names_in_the_header_replace_the_configs()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var request = world.Chat("""{"provider":"p0","forward_headers":["x-a"]}""");
        request.Headers.Add("x-portkey-forward-headers", "x-b");
        request.Headers.Add("x-a", "1");
        request.Headers.Add("x-b", "2");
        await world.SendAsync(request);
        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.False(received.Headers.Contains("x-a"));
        Assert.Equal("2", received.Headers["x-b"]);
    }

    /// <summary>Zero and what is no number state nothing.</summary>
    [Theory]
    [InlineData("50", 60_000, 408)]
    [InlineData("0", 50, 408)]
    [InlineData("soon", 50, 408)]
    [InlineData("60000", 50, 200)]
    public async Task A_timeout_in_the_header_beats_the_configs(string header, int config, int status)
    {
        var time = new ManualTime();
        await using var world = await TestWorld.StartAsync(time: time);
        var release = new TaskCompletionSource();
        world.Provider.Always(Reply.Json("""{"choices":[]}""").HoldUntil(release.Task));
        var request = world.Chat($$$"""{"provider":"p0","request_timeout":{{{config}}},"timeouts":{"connect_ms":0}}""");
        request.Headers.Add("x-portkey-request-timeout", header);
        var sending = world.SendAsync(request);
        await world.Provider.NextRequestAsync(Stop);
        time.Advance(TimeSpan.FromMilliseconds(100));
        if (status == 200) release.SetResult();
        Assert.Equal(status, (await sending).Status);
        release.TrySetResult();
    }
}
