using System.Text.Json;
using Penstock.Providers;

namespace Penstock.Core.Tests.Providers;

public sealed class ModelIndexTests
{
    [Theory]
    [InlineData("openai/gpt-4o", "openai", "gpt-4o")]
    [InlineData("openrouter/openai/gpt-4o", "openrouter", "openai/gpt-4o")]
    [InlineData("workers-ai/@cf/meta/llama-3-8b-instruct", "workers-ai", "@cf/meta/llama-3-8b-instruct")]
    [InlineData("@cf/meta/llama-3-8b-instruct", null, null)]
    [InlineData("meta-llama/Llama-3-8b", null, null)]
    [InlineData("OpenAI/gpt-4o", null, null)]
    [InlineData("openai", null, null)]
    [InlineData("openai/", null, null)]
    [InlineData("/gpt-4o", null, null)]
    [InlineData("", null, null)]
    public void A_name_is_split_when_its_left_part_is_a_known_id(string name, string? provider, string? model)
    {
        var split = ModelIndex.Split(name, Catalogue.BuiltIn);

        Assert.Equal(provider is null ? null : (provider, model!), split);
    }

    [Fact]
    public void A_custom_provider_is_split_off_too() =>
        Assert.Equal(("acme", "m"), ModelIndex.Split("acme/m", Catalogue.BuiltIn.With([Rows.Read("acme", """{"base_url":"http://h"}""")])));

    [Theory]
    [InlineData("openai", "gpt-4o-mini", true)]
    [InlineData("openai", "text-embedding-3-small", true)]
    [InlineData("openai", "whisper-1", true)]
    [InlineData("openai", "claude-opus-4-5", false)]
    [InlineData("anthropic", "claude-opus-4-5", true)]
    [InlineData("groq", "llama-3.1-70b-versatile", true)]
    [InlineData("openrouter", "anthropic/claude-haiku-4.5", true)]
    [InlineData("openrouter", "anthropic/claude-haiku-4.5:batch", false)]
    [InlineData("lm-studio", "gpt-4o", false)]
    public void A_provider_lists_its_models(string id, string model, bool isListed) =>
        Assert.Equal(isListed, ModelIndex.Lists(Catalogue.BuiltIn.Find(id)!, model));

    [Fact]
    public void A_rows_own_models_come_first_and_once()
    {
        var row = Rows.Read("deepseek", """{"base_url":"http://h","models":["mine","deepseek-chat"]}""");

        Assert.True(ModelIndex.Lists(row, "mine"));
        Assert.True(ModelIndex.Lists(row, "deepseek-reasoner"));
        var models = ModelIndex.ModelsOf(row);
        Assert.Equal(["mine", "deepseek-chat"], models.Take(2));
        Assert.Equal(models.Distinct(), models);
        Assert.Contains("deepseek-reasoner", models);
    }

    [Fact]
    public void A_provider_without_a_list_has_its_own_models_alone() =>
        Assert.Equal(["m"], ModelIndex.ModelsOf(Rows.Read("acme", """{"base_url":"http://h","models":["m"]}""")));

    [Fact]
    public void The_lists_belong_to_providers_of_the_catalogue()
    {
        using var file = JsonDocument.Parse(Resources.Read("models.json"));
        string[] providers = [.. file.RootElement.EnumerateObject().Select(member => member.Name)];
        Assert.NotEmpty(providers);
        foreach (var provider in providers)
        {
            Assert.NotNull(Catalogue.BuiltIn.Find(provider));
            var names = ShippedModels.Of(provider).Names;
            Assert.NotEmpty(names);
            Assert.Equal(names.Order(StringComparer.Ordinal).Distinct(), names);
        }
    }

    [Fact]
    public void Looking_a_model_up_allocates_nothing()
    {
        var row = Catalogue.BuiltIn.Find("openai")!;
        ModelIndex.Lists(row, "gpt-4o");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var isListed = ModelIndex.Lists(row, "gpt-4o-mini");
        var split = ModelIndex.Split("meta-llama/Llama-3-8b", Catalogue.BuiltIn);
        var after = GC.GetAllocatedBytesForCurrentThread();

        Assert.True(isListed);
        Assert.Null(split);
        Assert.Equal(0, after - before);
    }
}
