using System.Text;
using System.Text.Json;

namespace Penstock.Simulator.Tests;

public sealed class ProfileTests
{
    private const string Messages = """ "model":"m","messages":[{"role":"user","content":"hi"}] """;
    private const string Tool = """ "tools":[{"type":"function","function":{"name":"f"}}] """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("groq", """ "logprobs":true """, 400)]
    [InlineData("groq", """ "n":2 """, 400)]
    [InlineData("groq", """ "reasoning_format":"parsed" """, 200)]
    [InlineData("mistral-ai", """ "seed":1 """, 422)]
    [InlineData("mistral-ai", """ "random_seed":1 """, 200)]
    [InlineData("mistral-ai", """ "max_completion_tokens":1 """, 422)]
    [InlineData("mistral-ai", $$"""{{Tool}},"tool_choice":"required" """, 422)]
    [InlineData("mistral-ai", $$"""{{Tool}},"tool_choice":"any" """, 200)]
    [InlineData("mistral-ai", """ "frobnicate":1 """, 422)]
    [InlineData("deepseek", """ "max_completion_tokens":1 """, 400)]
    [InlineData("deepseek", """ "frobnicate":1 """, 200)]
    [InlineData("together-ai", """ "top_k":1 """, 200)]
    [InlineData("perplexity-ai", Tool, 400)]
    [InlineData("perplexity-ai", """ "search_domain_filter":["a"] """, 200)]
    [InlineData("fireworks-ai", """ "store":true """, 400)]
    [InlineData("openrouter", """ "reasoning":{"effort":"low"} """, 200)]
    [InlineData("deepinfra", """ "temperature":3 """, 422)]
    [InlineData("x-ai", """ "n":0 """, 400)]
    [InlineData("cerebras", """ "logit_bias":{} """, 400)]
    public async Task Accepts_and_refuses_what_its_provider_does(string profile, string member, int status)
    {
        var (actual, body) = await PostAsync(profile, $$"""{ {{Messages}}, {{member}} }""");

        Assert.True(status == actual, body);
    }

    [Theory]
    [InlineData("mistral-ai")]
    [InlineData("deepseek")]
    [InlineData("groq", 200)]
    [InlineData("openai", 200)]
    [InlineData("azure-openai", 200)]
    public async Task Knows_the_role_developer_or_not(string profile, int? status = null)
    {
        var (actual, body) = await PostAsync(profile, """{"model":"m","messages":[{"role":"developer","content":"be kind"}]}""");

        Assert.Equal(status ?? ProviderProfile.Find(profile).InvalidStatus, actual);
        Assert.Equal(status is null, body.Contains("developer", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("openai", """{"error":{"message":"Incorrect API key provided.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""")]
    [InlineData("mistral-ai", """{"object":"error","message":"Incorrect API key provided.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}""")]
    [InlineData("openrouter", """{"error":{"message":"Incorrect API key provided.","code":401,"metadata":{"provider_name":"sim"}}}""")]
    [InlineData("x-ai", """{"code":"invalid_api_key","error":"Incorrect API key provided."}""")]
    [InlineData("cerebras", """{"message":"Incorrect API key provided.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}""")]
    [InlineData("deepinfra", """{"detail":"Incorrect API key provided."}""")]
    [InlineData("azure-openai", """{"error":{"code":"invalid_api_key","message":"Incorrect API key provided."}}""")]
    public async Task Words_errors_as_its_provider_does(string profile, string expected)
    {
        var (status, body) = await PostAsync(profile, $$"""{ {{Messages}} }""", key: "sk-wrong");

        Assert.Equal(401, status);
        Assert.Equal(expected, body);
    }

    [Fact]
    public async Task Gives_every_profile_a_working_chat()
    {
        foreach (var profile in ProviderProfile.All)
        {
            var (status, body) = await PostAsync(profile.Name, $$"""{ {{Messages}} }""");
            Assert.True(status == 200, $"{profile.Name}: {body}");
        }
    }

    [Theory]
    [InlineData("openrouter", ": OPENROUTER PROCESSING\n\ndata: ", "data: [DONE]\n\n")]
    [InlineData("perplexity-ai", "data: ", "\r\n\r\n")]
    [InlineData("azure-openai", """data: {"choices":[],"created":0""", "data: [DONE]\n\n")]
    public async Task Streams_as_its_provider_does(string profile, string start, string end)
    {
        var (_, body) = await PostAsync(profile, $$"""{ {{Messages}},"stream":true }""");

        Assert.StartsWith(start, body, StringComparison.Ordinal);
        Assert.EndsWith(end, body, StringComparison.Ordinal);
        Assert.Equal(profile != "perplexity-ai", body.Contains("[DONE]", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/openai/deployments/d/chat/completions?api-version=2024-10-21", 200, "d")]
    [InlineData("/openai/deployments/d/chat/completions", 404, null)]
    [InlineData("/openai/deployments/missing-d/chat/completions?api-version=2024-10-21", 404, null)]
    [InlineData("/openai/v1/chat/completions", 200, "m")]
    [InlineData("/v1/chat/completions", 404, null)]
    public async Task Finds_azure_deployments(string path, int expected, string? model)
    {
        var (status, body) = await PostAsync("azure-openai", $$"""{ {{Messages}} }""", path: path);

        Assert.Equal(expected, status);
        if (model is not null) Assert.Equal(model, JsonDocument.Parse(body).RootElement.GetProperty("model").GetString());
    }

    [Theory]
    [InlineData(KeyPlace.XApiKeyHeader, "x-api-key", "")]
    [InlineData(KeyPlace.ApiKeyHeader, "api-key", "")]
    [InlineData(KeyPlace.Query, null, "?key=sk-sim")]
    public async Task Looks_for_the_key_at_its_place(KeyPlace place, string? header, string query)
    {
        await using var provider = await ProviderSimulator.StartAsync(new SimulatorOptions { KeyPlace = place }, Stop);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var right = new HttpRequestMessage(HttpMethod.Get, $"{provider.BaseUrl}/models{query}");
        if (header is not null) right.Headers.Add(header, "sk-sim");
        using var wrong = new HttpRequestMessage(HttpMethod.Get, $"{provider.BaseUrl}/models");

        using var served = await http.SendAsync(right, Stop);
        using var refused = await http.SendAsync(wrong, Stop);

        Assert.Equal((200, 401), ((int)served.StatusCode, (int)refused.StatusCode));
    }

    private static async Task<(int Status, string Body)> PostAsync(string profile, string json, string key = "sk-sim", string? path = null)
    {
        await using var provider = await ProviderSimulator.StartAsync(new SimulatorOptions { Profile = ProviderProfile.Find(profile) }, Stop);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        path ??= profile == "azure-openai" ? "/openai/v1/chat/completions" : $"{provider.BaseUrl[provider.Origin.Length..]}/chat/completions";
        using var request = new HttpRequestMessage(HttpMethod.Post, provider.Origin + path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        request.Headers.TryAddWithoutValidation("User-Agent", "test/1.0");
        using var response = await http.SendAsync(request, Stop);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Stop));
    }
}
