using Penstock.Simulator;

namespace Penstock.Core.Tests.Gateway;

/// <summary>Azure OpenAI through the whole gateway, named by headers as SDKs send them and by configs as people write them.</summary>
public sealed class AzureRowTests
{
    private static CancellationToken Stop => Patience.Token;

    public static TheoryData<string, string, string, string, string> Requests => new()
    {
        // how, headers or config members, path and query at Azure, key header, its value
        { "headers", "azure-resource-name=res azure-deployment-id=dep azure-api-version=2024-10-21", "/openai/deployments/dep/chat/completions?api-version=2024-10-21", "api-key", TestWorld.Key },
        { "headers", "azure-deployment-id=dep azure-api-version=2024-10-21 azure-ad-token=ey.token", "/openai/deployments/dep/chat/completions?api-version=2024-10-21", "Authorization", "Bearer ey.token" },
        { "headers", "azure-resource-name=res azure-deployment-id=dep", "/openai/v1/chat/completions", "api-key", TestWorld.Key },
        { "headers", "azure-api-version=2024-10-21", "/openai/deployments/gpt-4o-mini/chat/completions?api-version=2024-10-21", "api-key", TestWorld.Key },
        { "config", "resource_name=res deployment_id=dep api_version=2024-10-21 api_key=sk-sim", "/openai/deployments/dep/chat/completions?api-version=2024-10-21", "api-key", "sk-sim" },
        { "config", "azure_resource_name=res azure_deployment_id=dep azure_api_version=2024-10-21 api_key=sk-sim", "/openai/deployments/dep/chat/completions?api-version=2024-10-21", "api-key", "sk-sim" },
        { "config", "resourceName=res deploymentId=dep apiVersion=2024-10-21 apiKey=sk-sim", "/openai/deployments/dep/chat/completions?api-version=2024-10-21", "api-key", "sk-sim" },
        { "config", "deployment_id=dep api_version=2024-10-21 azure_ad_token=ey.token", "/openai/deployments/dep/chat/completions?api-version=2024-10-21", "Authorization", "Bearer ey.token" },
        { "config", "resource_name=res api_version=v1 deployment_id=dep api_key=sk-sim", "/openai/v1/chat/completions", "api-key", "sk-sim" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_chat_reaches_its_deployment(string how, string said, string target, string keyHeader, string key)
    {
        await using var world = await TestWorld.StartAsync(options: new SimulatorOptions { Profile = ProviderProfile.Azure, ApiKey = key.Replace("Bearer ", "", StringComparison.Ordinal) });
        var members = said.Split(' ').Select(member => member.Split('=')).ToList();
        var request = how == "headers"
            ? world.Chat()
            : world.Chat($$"""{"provider":"azure-openai","custom_host":"{{world.Provider.BaseUrl}}",{{string.Join(',', members.Select(member => $"\"{member[0]}\":\"{member[1]}\""))}}}""");
        if (how == "headers")
        {
            request.Headers.Remove("x-portkey-provider");
            request.Headers.Add("x-portkey-provider", "azure-openai");
            request.Headers.Add("x-portkey-custom-host", world.Provider.BaseUrl);
            foreach (var member in members) request.Headers.Add("x-portkey-" + member[0], member[1]);
        }

        var answer = await world.SendAsync(request);

        Assert.True(answer.Status == 200, answer.Text);
        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.Equal(target, received.RawTarget);
        Assert.Equal(key, received.Headers[keyHeader]);
        Assert.False(received.Headers.Contains(keyHeader == "api-key" ? "Authorization" : "api-key"));
        Assert.Equal(target.Contains("/v1/", StringComparison.Ordinal) ? "dep" : "gpt-4o-mini", received.Model);
        Assert.Empty(world.Provider.Violations);
    }

    [Theory]
    [InlineData("entra")]
    [InlineData("managed")]
    [InlineData("workload")]
    public async Task A_way_to_authenticate_that_is_missing_says_so_and_a_fallback_goes_on(string mode)
    {
        await using var world = await TestWorld.StartAsync();
        var azure = $$"""{"provider":"azure-openai","resource_name":"res","azure_auth_mode":"{{mode}}"}""";
        var alone = await world.SendAsync(world.Chat(azure));
        Assert.Equal(501, alone.Status);
        Assert.Contains("azure-openai", alone.ErrorMessage, StringComparison.Ordinal);
        var routed = await world.SendAsync(world.Chat($$"""{"strategy":{"mode":"fallback"},"targets":[{{azure}},{"provider":"p0"}]}"""));
        Assert.Equal((200, "config.targets[1]"), (routed.Status, routed.Leaf));
    }

    [Fact]
    public async Task A_missing_resource_is_a_400_that_names_it()
    {
        await using var world = await TestWorld.StartAsync();
        var request = world.Chat();
        request.Headers.Remove("x-portkey-provider");
        request.Headers.Add("x-portkey-provider", "azure-openai");
        var answer = await world.SendAsync(request);
        Assert.Equal(400, answer.Status);
        Assert.Contains("resource_name", answer.ErrorMessage, StringComparison.Ordinal);
    }
}
