using System.Text.Json;
using Penstock.Simulator;

namespace Penstock.Core.Tests.Gateway;

/// <summary>
/// The catalogue's rows through the whole gateway, each before a simulator that refuses what the real provider would. A
/// client writes for OpenAI; the row must make it fit.
/// </summary>
public sealed class ProviderRowTests
{
    private static CancellationToken Stop => Patience.Token;

    private const string Tools =
        ""","tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{}}}}],"tool_choice":"required" """;

    public static TheoryData<string> Profiles => [.. ProviderProfile.All.Select(profile => profile.Name)];

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task A_modern_openai_request_fits(string id)
    {
        await using var world = await StartAsync(id);
        var answer = await world.SendAsync(world.Json("/v1/chat/completions", Body(HasTools(id) ? Tools : ""), Config(id, world)));
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Text}");
        Assert.Equal(id, answer.Header("x-portkey-provider"));
        Assert.Empty(world.Provider.Violations);
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task A_stream_fits_and_ends_with_usage_and_a_mark(string id)
    {
        await using var world = await StartAsync(id);
        var answer = await world.SendAsync(world.Json("/v1/chat/completions", Body(""","stream":true,"stream_options":{"include_usage":true}"""), Config(id, world)));
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Text}");
        Assert.Contains("hello", answer.StreamedText, StringComparison.Ordinal);
        Assert.Equal("[DONE]", answer.Events[^1]);
        Assert.Contains(answer.Events, data => data.StartsWith('{') && JsonDocument.Parse(data).RootElement.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object);
        Assert.Empty(world.Provider.Violations);
    }

    /// <summary>Providers put their errors into six shapes; a client sees one.</summary>
    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task An_error_is_told_in_openais_shape_whatever_the_providers_is(string id)
    {
        await using var world = await StartAsync(id);
        var answer = await world.SendAsync(world.Json("/v1/chat/completions", """{"model":"m","messages":[{"role":"nobody","content":"x"}]}""", Config(id, world)));
        Assert.InRange(answer.Status, 400, 422);
        Assert.StartsWith(id + " error: ", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("nobody", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(["code", "message", "param", "type"], answer.Json.GetProperty("error").EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(id, answer.Json.GetProperty("provider").GetString());
    }

    [Theory]
    [InlineData(
        "mistral-ai",
        """{"model":"mistralai.large","messages":[{"role":"developer","content":"a"}],"max_completion_tokens":5,"seed":1,"safe_mode":true,"tool_choice":"required","stream_options":{},"n":2}""",
        """{"model":"large","messages":[{"role":"system","content":"a"}],"max_tokens":5,"random_seed":1,"safe_prompt":true,"tool_choice":"any","n":2}""")]
    [InlineData(
        "openrouter",
        """{"model":"openai/gpt-4o","messages":[],"max_completion_tokens":5,"reasoning_effort":"high","transforms":["middle-out"]}""",
        """{"model":"openai/gpt-4o","messages":[],"max_tokens":5,"transforms":["middle-out"],"reasoning":{"effort":"high"}}""")]
    [InlineData(
        "ollama",
        """{"model":"llama3.2","messages":[{"role":"developer","content":"a"}],"max_completion_tokens":5,"options":{"num_ctx":4096},"keep_alive":null}""",
        """{"model":"llama3.2","messages":[{"role":"system","content":"a"}],"max_tokens":5,"options":{"num_ctx":4096},"keep_alive":null}""")]
    [InlineData(
        "openai",
        """{"model":"o3","messages":[{"role":"developer","content":"a"}],"max_completion_tokens":5,"reasoning_effort":"high","unknown":{"b":null,"a":1.0}}""",
        """{"model":"o3","messages":[{"role":"developer","content":"a"}],"max_completion_tokens":5,"reasoning_effort":"high","unknown":{"b":null,"a":1.0}}""")]
    public async Task Only_what_the_row_names_is_changed(string id, string sent, string received)
    {
        await using var world = await StartAsync(id);
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        Assert.Equal(200, (await world.SendAsync(world.Json("/v1/chat/completions", sent, Config(id, world)))).Status);
        Assert.Equal(Normal(received), Normal((await world.Provider.NextRequestAsync(Stop)).BodyText));
    }

    [Fact]
    public async Task Openrouter_learns_which_application_calls()
    {
        await using var world = await StartAsync("openrouter");
        var request = world.Chat();
        request.Headers.Remove("x-portkey-provider");
        request.Headers.Add("x-portkey-provider", "openrouter");
        request.Headers.Add("x-portkey-custom-host", world.Provider.BaseUrl);
        request.Headers.Add("HTTP-Referer", "https://app.example.org");
        request.Headers.Add("X-Title", "My app");
        Assert.Equal(200, (await world.SendAsync(request)).Status);
        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.Equal("/api/v1/chat/completions", received.RawTarget);
        Assert.Equal("https://app.example.org", received.Headers["HTTP-Referer"]);
        Assert.Equal("My app", received.Headers["X-Title"]);
    }

    /// <summary>The address of one's own Ollama is written with and without its version, and it has no keys.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/v1")]
    public async Task Ollama_is_found_at_a_custom_host_without_a_key(string path)
    {
        await using var world = await StartAsync("ollama");
        world.Client.DefaultRequestHeaders.Remove("Authorization");
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var request = world.Chat();
        request.Headers.Remove("x-portkey-provider");
        request.Headers.Add("x-portkey-provider", "ollama");
        request.Headers.Add("x-portkey-custom-host", world.Provider.Origin + path);
        Assert.Equal(200, (await world.SendAsync(request)).Status);
        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.Equal("/v1/chat/completions", received.RawTarget);
        Assert.False(received.Headers.Contains("Authorization"));
    }

    /// <summary>Perplexity's chat has no tools at all: a request that needs them must fail, not lose them in silence.</summary>
    private static bool HasTools(string id) => id != "perplexity-ai";

    private static string Body(string more) =>
        $$"""{"model":"some-model","messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":"hello"}],"max_completion_tokens":50,"seed":7,"temperature":0.5{{more}}}""";

    private static string Config(string id, TestWorld world) => $$"""{"provider":"{{id}}","custom_host":"{{world.Provider.BaseUrl}}"}""";

    /// <summary>Where a renamed member stands is nobody's business.</summary>
    private static string Normal(string json) =>
        string.Join(',', JsonDocument.Parse(json).RootElement.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => member.ToString()));

    private static Task<TestWorld> StartAsync(string id) => TestWorld.StartAsync(options: new SimulatorOptions { Profile = ProviderProfile.Find(id) });
}
