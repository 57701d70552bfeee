using System.Text;
using Penstock.Providers;
using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>Secrets in every place where one can be, through good requests and every kind of failure: none comes to light.</summary>
public sealed class CanaryTests
{
    /// <summary>Targets of the requests, each of which goes well or fails in its own way.</summary>
    private static readonly string[] Providers = ["good", "stream", "denied", "busy", "page", "cut", "broken-stream", "garbage", "reset", "refused", "dns", "tls", "silent", "redirect", "missing-option"];

    private static readonly string[] Paths = ["/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1/proxy/x", "/v1/files", "/v1/embeddings", "/v1/models", "/v1/configs", "/v1/realtime"];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_secret_of_the_request_comes_to_light_nowhere(string place)
    {
        using var canary = new Canary();
        await using var refused = DeadEndpoint.Refusing();
        await using var garbage = DeadEndpoint.SpeakingGarbage();
        await using (var world = await StartAsync(canary, refused, garbage))
        {
            foreach (var provider in Providers)
            {
                foreach (var path in Paths)
                {
                    // What a provider says passes there as it is, and what it says about a caller's key is his to read.
                    if (provider == "denied" && path is "/v1/messages" or "/v1/proxy/x") continue;
                    await SendAsync(world, canary, path, (request, query) => Put(request, query, place, provider));
                }
            }
        }

        Assert.Empty(canary.Sightings);
        Assert.InRange(canary.Lines, (Providers.Length * Paths.Length) - 2, long.MaxValue);
    }

    public static TheoryData<string> Places => new(
        "bearer", "bare authorization", "basic", "x-api-key", "api-key", "x-goog-api-key", "gateway key", "virtual key", "option headers", "cookie",
        "config key", "config key camel", "target key", "deep key", "config options", "several keys", "custom host userinfo", "custom host query",
        "header host userinfo", "header host query", "provider by mistake", "config by mistake", "model by mistake", "unquoted key", "number as key", "list as key", "query");

    /// <summary>The operator's: in the environment and in the file.</summary>
    [Theory]
    [InlineData("saved")]
    [InlineData("environment")]
    public async Task A_secret_of_the_gateway_comes_to_light_nowhere(string kind)
    {
        using var canary = new Canary();
        await using var refused = DeadEndpoint.Refusing();
        await using var garbage = DeadEndpoint.SpeakingGarbage();
        await using (var world = await StartAsync(canary, refused, garbage))
        {
            world.Client.DefaultRequestHeaders.Remove("Authorization");
            foreach (var provider in Providers)
            {
                foreach (var path in Paths)
                {
                    await SendAsync(world, canary, path, (request, _) => request.Headers.TryAddWithoutValidation("x-portkey-config", $"{kind}-{provider}"));
                    await SendAsync(world, canary, path, (request, _) =>
                    {
                        request.Headers.TryAddWithoutValidation("x-portkey-config", $"{kind}-{provider}");
                        request.Headers.TryAddWithoutValidation("x-portkey-custom-host", world.Provider.BaseUrl);
                    });
                }
            }
        }

        Assert.Empty(canary.Sightings);
    }

    private static void Put(HttpRequestMessage request, StringBuilder query, string place, string provider)
    {
        var secret = Canary.At(place.Replace(' ', '-'));
        var config = "";
        switch (place)
        {
            case "bearer": Header("Authorization", "Bearer " + secret); break;
            case "bare authorization": Header("Authorization", secret); break;
            case "basic": Header("Authorization", "Basic " + secret); break;
            case "x-api-key" or "api-key" or "x-goog-api-key": Header(place, secret); break;
            case "gateway key": Header("x-portkey-api-key", secret); Header("x-copy", secret); break;
            case "virtual key": Header("x-portkey-virtual-key", secret); break;
            case "cookie": Header("Cookie", "session=" + secret); Header("Proxy-Authorization", "Basic " + secret); break;
            case "option headers":
                foreach (var name in Catalogue.BuiltIn.Rows.SelectMany(row => row.Options.Values).SelectMany(option => option.Headers).Distinct()) Header(name, secret);
                break;
            case "config key": config = $$"""{"provider":"{{provider}}","api_key":"{{secret}}"}"""; break;
            case "config key camel": config = $$"""{"provider":"{{provider}}","apiKey":"{{secret}}"}"""; break;
            case "target key": config = $$"""{"strategy":{"mode":"fallback"},"targets":[{"provider":"{{provider}}","api_key":"{{secret}}"},{"provider":"{{provider}}","api_key":"{{secret}}-2"}]}"""; break;
            case "deep key": config = $$"""{"strategy":{"mode":"single"},"targets":[{"strategy":{"mode":"loadbalance"},"targets":[{"provider":"{{provider}}","api_key":"{{secret}}","retry":{"attempts":0} } ] } ] }"""; break;
            case "config options":
                var options = Catalogue.BuiltIn.Rows.SelectMany(row => row.Options.Values).Where(option => !option.IsUrl).Select(option => option.Name).Distinct();
                config = $$"""{"provider":"{{(provider == "good" ? "azure-openai" : provider == "busy" ? "bedrock" : provider)}}",{{string.Join(',', options.Select(name => $"\"{name}\":\"{secret}\""))}} }""";
                break;
            case "several keys": config = $$"""{"provider":"{{provider}}","api_key":"{{secret}}","apiKey":"{{secret}}"}"""; break;
            case "custom host userinfo": config = $$"""{"provider":"{{provider}}","custom_host":"https://user:{{secret}}@host.example/v1"}"""; break;
            case "custom host query": config = $$"""{"provider":"{{provider}}","custom_host":"https://host.invalid/v1?key={{secret}}"}"""; break;
            case "header host userinfo": Header("x-portkey-custom-host", $"https://user:{secret}@host.example/v1"); break;
            case "header host query": Header("x-portkey-custom-host", $"https://host.example/v1?key={secret}"); break;
            case "provider by mistake": Header("x-portkey-provider", secret); break;
            case "config by mistake": config = secret; break;
            case "model by mistake": config = $$"""{"override_params":{"model":"@{{secret}}/m"},"provider":"{{provider}}"}"""; break;
            case "unquoted key": config = $$"""{"provider":"{{provider}}","api_key":n{{secret}} }"""; break;
            case "number as key": config = $$"""{"provider":"{{provider}}","api_key":{"{{secret}}":"{{secret}}"} }"""; break;
            case "list as key": config = $$"""{"provider":"{{provider}}","api_key":["{{secret}}"],"retry":"{{secret}}","strategy":{"mode":"{{secret}}"},"cache":{"mode":"{{secret}}"},"forward_headers":["{{secret}}\n"],"drop_params":["[{{secret}}"]}"""; break;
            case "query": query.Append("?key=").Append(secret); break;
        }

        if (config.Length > 0) Header("x-portkey-config", config);
        else if (place != "provider by mistake") Header("x-portkey-provider", provider);

        void Header(string name, string value) => Assert.True(request.Headers.TryAddWithoutValidation(name, value));
    }

    private static async Task SendAsync(TestWorld world, Canary canary, string path, Action<HttpRequestMessage, StringBuilder> put)
    {
        var target = new StringBuilder(path);
        var request = new HttpRequestMessage(path is "/v1/models" or "/v1/realtime" ? HttpMethod.Get : HttpMethod.Post, path);
        put(request, target);
        request.RequestUri = new Uri(target.ToString(), UriKind.Relative);
        request.Headers.Add("x-portkey-request-timeout", "20");
        if (request.Method == HttpMethod.Post) request.Content = new StringContent("""{"model":"m","stream":STREAM,"messages":[]}""".Replace("STREAM", path.Contains("chat", StringComparison.Ordinal) ? "true" : "false", StringComparison.Ordinal), Encoding.UTF8, "application/json");
        try
        {
            using var response = await world.OpenAsync(request);
            canary.See("headers", response.Headers.ToString() + response.Content.Headers + response.ReasonPhrase);
            canary.See("body of " + target, await response.Content.ReadAsStringAsync(Patience.Token));
        }
        catch (HttpRequestException e)
        {
            canary.See("cut", e.ToString());
        }
    }

    private static Task<TestWorld> StartAsync(Canary canary, DeadEndpoint refused, DeadEndpoint garbage) => TestWorld.StartAsync(
        providers: 10,
        logs: canary,
        environment: new Dictionary<string, string> { ["ACME_API_KEY"] = Canary.At("environment") },
        options: new SimulatorOptions { ApiKey = null },
        file: providers =>
        {
            Reply[] replies =
            [
                Reply.Json("""{"choices":[],"data":[]}"""),
                Reply.Sse("""{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}"""),
                Reply.From(request => Reply.Json($$$"""{"error":{"message":"{{{string.Join(' ', request.Headers.Select(header => header.Value)).Replace("\"", "'", StringComparison.Ordinal)}}}"}}""", 401)),
                Reply.Status(429),
                Reply.Html(200),
                Reply.Json("""{"choices":[""").CloseAfterBytes(5),
                Reply.Sse("""{"choices":[{"index":0,"delta":{"content":"a"}}]}""").ResetAfterEvents(1),
                Reply.Reset(),
                Reply.StallBeforeHeaders(),
                Reply.Status(302, "").WithHeader("location", "/"),
            ];
            for (var i = 0; i < replies.Length; i++) providers[i].Always(replies[i]);
            var addresses = new Dictionary<string, string>
            {
                ["good"] = providers[0].BaseUrl,
                ["stream"] = providers[1].BaseUrl,
                ["denied"] = providers[2].BaseUrl,
                ["busy"] = providers[3].BaseUrl,
                ["page"] = providers[4].BaseUrl,
                ["cut"] = providers[5].BaseUrl,
                ["broken-stream"] = providers[6].BaseUrl,
                ["reset"] = providers[7].BaseUrl,
                ["silent"] = providers[8].BaseUrl,
                ["redirect"] = providers[9].BaseUrl,
                ["garbage"] = garbage.BaseUrl,
                ["refused"] = refused.BaseUrl,
                ["tls"] = garbage.SecureBaseUrl,
                ["dns"] = $"http://{new string('a', 64)}.example",
            };
            var rows = string.Join(',', addresses.Select(row => $$"""
                "{{row.Key}}": { "base_url": "{{row.Value}}", "environment_keys": ["ACME_API_KEY"], "options": { "token": {} }, "headers": { "x-token": "{token}" } }
                """));
            var configs = string.Join(',', Providers.Select(name => $$"""
                "saved-{{name}}": { "provider": "{{name}}", "api_key": "{{Canary.At("saved")}}", "token": "{{Canary.At("option")}}" },
                "environment-{{name}}": { "provider": "{{name}}" }
                """));
            return $$"""
                { "providers": { {{rows}}, "missing-option": { "base_url": "http://127.0.0.1/{region}", "options": { "region": {}, "token": {} }, "auth": { "kind": "bearer", "key_option": "token", "when": "token" } } },
                  "configs": { {{configs}} },
                  "trusted_hosts": ["127.0.0.1"] }
                """;
        });
}
