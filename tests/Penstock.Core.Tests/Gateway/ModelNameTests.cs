using Penstock.Simulator;

namespace Penstock.Core.Tests.Gateway;

/// <summary>How a model's name leads to a provider.</summary>
public sealed class ModelNameTests
{
    private static CancellationToken Stop => Patience.Token;

    [Theory]
    [InlineData("p0/gpt-4o", "gpt-4o")]
    [InlineData("p0/meta-llama/Llama-3-70b", "meta-llama/Llama-3-70b")]
    public async Task The_left_part_names_the_provider_when_nothing_else_does(string name, string model)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var request = world.Chat(model: name);
        request.Headers.Remove("x-portkey-provider");
        Assert.Equal(200, (await world.SendAsync(request)).Status);
        Assert.Equal(model, (await world.Provider.NextRequestAsync(Stop)).Model);
    }

    [Theory]
    [InlineData("openai/gpt-4o")]
    [InlineData("@cf/meta/llama-3-8b-instruct")]
    [InlineData("meta-llama/Llama-3-70b")]
    public async Task A_named_provider_gets_the_name_whole(string name)
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        await world.SendAsync(world.Chat(model: name));
        Assert.Equal(name, (await world.Provider.NextRequestAsync(Stop)).Model);
        await world.SendAsync(world.Chat("""{"provider":"p0"}""", model: name));
        Assert.Equal(name, (await world.Provider.NextRequestAsync(Stop)).Model);
    }

    [Fact]
    public async Task A_name_that_says_nothing_is_a_400_that_tells_what_to_do()
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        var request = world.Chat(model: "who-knows");
        request.Headers.Remove("x-portkey-provider");
        var answer = await world.SendAsync(request);
        Assert.Equal(400, answer.Status);
        Assert.Contains("'who-knows'", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("x-portkey-provider", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_only_configured_provider_gets_what_nobody_lists()
    {
        await using var world = await TestWorld.StartAsync();
        var request = world.Chat(model: "who-knows");
        request.Headers.Remove("x-portkey-provider");
        var answer = await world.SendAsync(request);
        Assert.Equal((200, "p0"), (answer.Status, answer.Header("x-portkey-provider")));
    }

    [Fact]
    public async Task An_override_may_name_the_provider()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        await world.SendAsync(world.Chat("""{"override_params":{"model":"p0/other"}}"""));
        Assert.Equal("other", (await world.Provider.NextRequestAsync(Stop)).Model);
    }

    [Theory]
    [InlineData("only-one", 200, "first")]
    [InlineData("in-both", 400, "'first/in-both', 'second/in-both'")]
    [InlineData("in-none", 400, "no configured provider lists the model 'in-none'")]
    [InlineData("second/in-both", 200, "second")]
    public async Task A_bare_name_leads_to_the_one_provider_that_lists_it(string model, int status, string words)
    {
        await using var world = await StartListsAsync();
        var request = world.Chat(model: model);
        request.Headers.Remove("x-portkey-provider");
        var answer = await world.SendAsync(request);
        Assert.Equal(status, answer.Status);
        Assert.Contains(words, status == 200 ? answer.Header("x-portkey-provider") : answer.ErrorMessage, StringComparison.Ordinal);
        if (status == 200) Assert.DoesNotContain('/', answer.Json.GetProperty("model").GetString()!);
    }

    [Fact]
    public async Task Models_of_all_configured_providers_are_listed_by_the_names_that_reach_them()
    {
        await using var world = await StartListsAsync();
        var answer = await world.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/v1/models"));
        Assert.Equal("list", answer.Json.GetProperty("object").GetString());
        var models = answer.Json.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()!).ToList();
        Assert.Equal(["first/only-one", "first/in-both", "second/in-both"], models);
        foreach (var model in models)
        {
            var request = world.Chat(model: model);
            request.Headers.Remove("x-portkey-provider");
            Assert.Equal(200, (await world.SendAsync(request)).Status);
        }
    }

    private static Task<TestWorld> StartListsAsync() => TestWorld.StartAsync(file: providers => $$"""
        { "providers": {
            "first": { "base_url": "{{providers[0].BaseUrl}}", "models": ["only-one", "in-both"] },
            "second": { "base_url": "{{providers[0].BaseUrl}}", "models": ["in-both"] } } }
        """);
}
