using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>The same through the program as people run it: what it prints, logs, answers and says about its file.</summary>
public sealed class CanaryProcessTests
{
    private static CancellationToken Stop => Patience.Token;

    [Fact]
    public async Task Nothing_that_it_prints_or_answers_holds_a_secret()
    {
        using var canary = new Canary();
        using var folder = new Scratch();
        await using var refused = DeadEndpoint.Refusing();
        await using var provider = await ProviderSimulator.StartAsync(new SimulatorOptions { ApiKey = null }, Stop);
        provider.Always(Reply.From(request => Reply.Json($$$"""{"error":{"message":"Incorrect API key: {{{request.Headers["Authorization"]}}}"}}""", 401)));
        folder.Replace(File(provider.BaseUrl, refused.BaseUrl));
        await using var program = await PenstockProcess.ServeAsync(folder, null, ("OPENAI_API_KEY", Canary.At("openai")), ("ACME_API_KEY", Canary.At("acme")), ("TOKEN", Canary.At("token")));
        foreach (var config in new[] { "saved", "environment", "refused", Canary.At("config"), $$"""{"provider":"{{Canary.At("provider")}}"}""", $$"""{"provider":"refused","api_key":"{{Canary.At("inline")}}"}""", "{\"api_key\":n" + Canary.Mark + "}" })
        {
            foreach (var path in new[] { "/v1/chat/completions", "/v1/proxy/x?key=" + Canary.Mark, "/v1/messages" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("""{"model":"m"}""", System.Text.Encoding.UTF8, "application/json") };
                request.Headers.TryAddWithoutValidation("x-portkey-config", config);
                request.Headers.TryAddWithoutValidation("x-portkey-api-key", Canary.At("gateway"));
                using var response = await program.Client.SendAsync(request, Stop);
                canary.See(config, response.Headers + await response.Content.ReadAsStringAsync(Stop));
            }
        }

        folder.Replace("{ \"providers\": { \"acme\": { \"base_url\": \"https://user:" + Canary.Mark + "@host\", \"environment_keys\": [\"" + Canary.At("misplaced") + "\"] } }, \"default_config\": \"${TOKEN}\" }");
        await PenstockProcess.UntilAsync(() => Task.FromResult(program.Output.Contains("has changed and has", StringComparison.Ordinal) && program.Output.Contains("default_config", StringComparison.Ordinal)));
        await program.SignalAsync("TERM");
        Assert.Equal(0, await program.ExitAsync());
        canary.See("output", program.Output);
        Assert.Contains("refused", program.Output, StringComparison.Ordinal);
        Assert.Empty(canary.Sightings);
    }

    [Theory]
    [InlineData("--validate")]
    [InlineData("--port=0")]
    public async Task A_file_with_faults_is_described_without_its_secrets(string argument)
    {
        using var canary = new Canary();
        using var folder = new Scratch();
        folder.Replace($$"""
            { "listen": "https://user:{{Canary.Mark}}@localhost",
              "trusted_hosts": ["https://user:{{Canary.Mark}}@host", "host?key={{Canary.Mark}}"],
              "providers": { "acme": { "base_url": "https://user:{{Canary.Mark}}@host?key={{Canary.Mark}}", "headers": { "x-key": "{{Canary.At("header")}}{" }, "auth": { "kind": "header", "name": "x y", "key_option": "{{Canary.At("option")}}" } } },
              "configs": { "a": { "provider": "openai", "api_key": ["{{Canary.At("list")}}"], "custom_host": "https://user:{{Canary.Mark}}@host" }, "b": { "provider": "${TOKEN}" } } }
            """);
        var (code, output) = await PenstockProcess.RunAsync(folder, [argument], ("TOKEN", Canary.At("token")));
        canary.See("output", output);
        Assert.Equal(1, code);
        Assert.Contains("acme", output, StringComparison.Ordinal);
        Assert.Empty(canary.Sightings);
    }

    private static string File(string good, string refused) => $$"""
        { "providers": {
            "acme": { "base_url": "{{good}}", "environment_keys": ["ACME_API_KEY"] },
            "refused": { "base_url": "{{refused}}" } },
          "configs": {
            "saved": { "provider": "acme", "api_key": "{{Canary.At("saved")}}" },
            "environment": { "provider": "acme" },
            "refused": { "strategy": { "mode": "fallback" }, "targets": [ { "provider": "refused", "api_key": "${TOKEN}" }, { "provider": "refused", "api_key": "{{Canary.At("second")}}" } ] } } }
        """;
}
