using Penstock.Simulator;

namespace Penstock.Tests.Gateway;

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
        world.Provider.Always(Reply.Json("{}"));
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
        world.Provider.Always(Reply.Json("{}"));
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
    public async Task An_override_may_name_the_provider()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("{}"));
        await world.SendAsync(world.Chat("""{"override_params":{"model":"p0/other"}}"""));
        Assert.Equal("other", (await world.Provider.NextRequestAsync(Stop)).Model);
    }
}
