using System.Text;
using Penstock.Simulator;

namespace Penstock.Core.Tests.Gateway;

/// <summary>
/// Configs of <c>penstock.json</c>, called by name, and the same ones sent along. The providers openai, anthropic and cohere
/// are simulated.
/// </summary>
public sealed class SavedConfigTests
{
    private static CancellationToken Stop => Patience.Token;

    /// <summary>Configs that people copy, letter by letter.</summary>
    private const string Samples = """
        "retries": {
          "retry": { "attempts": 5, "backoff": "exponential" }
        },
        "time-limit": {
          "request_timeout": 10000  // Timeout in milliseconds
        },
        "balance": {
          "strategy": { "mode": "loadbalance" },
          "targets": [
            { "provider": "openai", "api_key": "sk-***", "weight": 70 },
            { "provider": "anthropic", "api_key": "sk-***", "weight": 30 }
          ]
        },
        "fallback": {
          "strategy": { "mode": "fallback" },
          "targets": [
            { "provider": "openai", "api_key": "sk-***" },
            { "provider": "cohere", "api_key": "sk-***" }
          ]
        },
        "tree": {
          "retry": { "attempts": 5 },
          "request_timeout": 10000,
          "strategy": { "mode": "fallback" },
          "targets": [
            { "provider": "openai", "api_key": "sk-***" },
            {
              "strategy": { "mode": "loadbalance" },
              "targets": [
                { "provider": "cohere", "api_key": "sk-***" },
                { "provider": "anthropic", "api_key": "sk-***" }
              ]
            }
          ]
        },
        """;

    public static TheoryData<string, bool, double, string, string> Calls
    {
        get
        {
            var calls = new TheoryData<string, bool, double, string, string>();
            foreach (var isSaved in new[] { true, false })
            {
                calls.Add("retries", isSaved, 0, "openai", "config");
                calls.Add("time-limit", isSaved, 0, "openai", "config");
                calls.Add("balance", isSaved, 0.69, "openai", "config.targets[0]");
                calls.Add("balance", isSaved, 0.71, "anthropic", "config.targets[1]");
                calls.Add("fallback", isSaved, 0, "cohere", "config.targets[1]");
                calls.Add("tree", isSaved, 0.4, "cohere", "config.targets[1].targets[0]");
                calls.Add("tree", isSaved, 0.6, "anthropic", "config.targets[1].targets[1]");
            }

            return calls;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_sample_works_by_name_and_in_the_header(string name, bool isSaved, double chance, string provider, string leaf)
    {
        await using var world = await StartAsync(() => chance);

        // What is sent along must be one line; a comment to its end would hide the rest.
        var config = isSaved ? name : Sample(name).Replace("// Timeout in milliseconds", "", StringComparison.Ordinal).ReplaceLineEndings(" ");
        var request = world.Chat(config);
        if (leaf == "config") request.Headers.Add("x-portkey-provider", "openai");
        if (name is "fallback" or "tree") world.Providers[0].Always(Reply.Status(400));
        var answer = await world.SendAsync(request);
        Assert.Equal((200, provider, leaf), (answer.Status, answer.Header("x-portkey-provider"), answer.Leaf));
    }

    [Fact]
    public async Task A_request_that_says_nothing_takes_the_default_config()
    {
        await using var world = await StartAsync();
        var request = world.Chat();
        request.Headers.Remove("x-portkey-provider");
        Assert.Equal("Bearer sk-mine", await KeyOfAsync(world, request));
    }

    [Fact]
    public async Task A_request_that_names_its_provider_does_not()
    {
        await using var world = await StartAsync();
        var request = world.Chat();
        request.Headers.Remove("x-portkey-provider");
        request.Headers.Add("x-portkey-provider", "openai");
        Assert.Equal("Bearer " + TestWorld.Key, await KeyOfAsync(world, request));
    }

    [Fact]
    public async Task The_key_of_a_saved_config_goes_to_no_host_that_a_caller_names()
    {
        await using var world = await StartAsync();
        var request = world.Chat("mine");
        request.Headers.Add("x-portkey-custom-host", world.Providers[1].BaseUrl);
        var answer = await world.SendAsync(request);
        Assert.Equal(400, answer.Status);
        Assert.Contains("x-portkey-custom-host", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-mine", answer.Text, StringComparison.Ordinal);
        Assert.Empty(world.Providers[1].Requests);
    }

    /// <summary>The same with an account of the provider that the caller names: that would be a way to read the key too.</summary>
    [Fact]
    public async Task The_key_of_a_saved_config_goes_to_no_account_that_a_caller_names()
    {
        await using var world = await StartAsync();
        var request = world.Chat("half-azure");
        request.Headers.Add("x-portkey-azure-resource-name", "evil");
        var answer = await world.SendAsync(request);
        Assert.Equal(400, answer.Status);
        Assert.Contains("resource_name", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_name_is_a_400_that_says_where_to_save_it()
    {
        await using var world = await StartAsync();
        var answer = await world.SendAsync(world.Chat("pc-unknown"));
        Assert.Equal(400, answer.Status);
        Assert.Contains("'pc-unknown'", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("penstock.json", answer.ErrorMessage, StringComparison.Ordinal);
    }

    private static async Task<string?> KeyOfAsync(TestWorld world, HttpRequestMessage request)
    {
        world.Providers[0].Always(Reply.Json("""{"choices":[]}"""));
        Assert.Equal(200, (await world.SendAsync(request)).Status);
        return (await world.Providers[0].NextRequestAsync(Stop)).Headers["Authorization"];
    }

    /// <summary>The text of one sample.</summary>
    private static string Sample(string name)
    {
        var start = Samples.IndexOf($"\"{name}\": ", StringComparison.Ordinal) + name.Length + 4;
        var text = new StringBuilder();
        foreach (var line in Samples[start..].Split('\n'))
        {
            text.AppendLine(line);
            if (line == "},") break;
        }

        return text.ToString().TrimEnd().TrimEnd(',');
    }

    private static Task<TestWorld> StartAsync(Func<double>? chance = null) => TestWorld.StartAsync(
        providers: 3,
        chance: chance,
        options: new SimulatorOptions { ApiKey = null },
        file: providers => $$"""
            {
              "providers": {
                "openai": { "base_url": "{{providers[0].BaseUrl}}" },
                "anthropic": { "base_url": "{{providers[1].BaseUrl}}" },
                "cohere": { "base_url": "{{providers[2].BaseUrl}}" },
              },
              "default_config": "mine",
              "configs": {
                {{Samples}}
                "mine": { "provider": "openai", "api_key": "sk-mine" },
                "half-azure": { "provider": "azure-openai", "api_key": "sk-mine" },
              },
            }
            """);
}
