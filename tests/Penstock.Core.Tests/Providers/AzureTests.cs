using Penstock.Providers;

namespace Penstock.Core.Tests.Providers;

public sealed class AzureTests
{
    private const string Dated = "2024-10-21";

    [Theory]
    [InlineData(Operation.Chat, "/v1/chat/completions", "/deployments/dep/chat/completions?api-version=2024-10-21")]
    [InlineData(Operation.Completion, "/v1/completions", "/deployments/dep/completions?api-version=2024-10-21")]
    [InlineData(Operation.Embedding, "/v1/embeddings", "/deployments/dep/embeddings?api-version=2024-10-21")]
    [InlineData(Operation.Image, "/v1/images/generations", "/deployments/dep/images/generations?api-version=2024-10-21")]
    [InlineData(Operation.ImageEdit, "/v1/images/edits", "/deployments/dep/images/edits?api-version=2024-10-21")]
    [InlineData(Operation.Speech, "/v1/audio/speech", "/deployments/dep/audio/speech?api-version=2024-10-21")]
    [InlineData(Operation.Transcription, "/v1/audio/transcriptions", "/deployments/dep/audio/transcriptions?api-version=2024-10-21")]
    [InlineData(Operation.Translation, "/v1/audio/translations", "/deployments/dep/audio/translations?api-version=2024-10-21")]
    [InlineData(Operation.Responses, "/v1/responses/r_1/input_items", "/responses/r_1/input_items?api-version=2024-10-21")]
    [InlineData(Operation.Files, "/v1/files/f_1/content?a=b", "/files/f_1/content?api-version=2024-10-21&a=b")]
    [InlineData(Operation.Batches, "/v1/batches", "/batches?api-version=2024-10-21")]
    [InlineData(Operation.FineTuning, "/v1/fine_tuning/jobs", "/fine_tuning/jobs?api-version=2024-10-21")]
    [InlineData(Operation.Realtime, "/v1/realtime?model=x", "/realtime?deployment=dep&api-version=2024-10-21&model=x")]
    [InlineData(Operation.Models, "/v1/models", "/models?api-version=2024-10-21")]
    [InlineData(Operation.Proxy, "/v1/assistants?limit=2", "/assistants?api-version=2024-10-21&limit=2")]
    [InlineData(Operation.Proxy, "/v1/proxy/assistants?api-version=2025-01-01", "/assistants?api-version=2025-01-01")]
    public void A_dated_version_goes_to_the_deployment_and_resources_do_not(Operation operation, string target, string path) =>
        Assert.Equal("https://res.openai.azure.com/openai" + path, Build(operation, target, Dated, "dep", "gpt-4o"));

    [Theory]
    [InlineData(Operation.Chat, "/v1/chat/completions", "/v1/chat/completions")]
    [InlineData(Operation.Transcription, "/v1/audio/transcriptions", "/v1/audio/transcriptions")]
    [InlineData(Operation.Files, "/v1/files/f_1", "/v1/files/f_1")]
    [InlineData(Operation.Responses, "/v1/responses", "/v1/responses")]
    [InlineData(Operation.Proxy, "/v1/vector_stores", "/v1/vector_stores")]
    [InlineData(Operation.Proxy, "/v1/proxy/v1/vector_stores", "/v1/vector_stores")]
    public void The_v1_version_has_neither_deployment_nor_parameter(Operation operation, string target, string path)
    {
        Assert.Equal("https://res.openai.azure.com/openai" + path, Build(operation, target, "v1", "dep", "gpt-4o"));
        Assert.Equal("https://res.openai.azure.com/openai" + path + "?api-version=preview", Build(operation, target, "preview", "dep", "gpt-4o"));
    }

    /// <summary>It has no model in its path, so that the deployment goes into the body.</summary>
    [Theory]
    [InlineData("v1")]
    [InlineData("preview")]
    public void The_v1_version_names_the_deployment_as_the_model(string version)
    {
        var row = Catalogue.BuiltIn.Find("azure-openai")!.For(Options(version, "dep"));

        foreach (var operation in (ReadOnlySpan<Operation>)[Operation.Chat, Operation.Completion, Operation.Embedding, Operation.Responses])
        {
            Assert.Equal("dep", row.QuirksOf(operation).Model!.Fill(Options(version, "dep")));
            Assert.Null(row.QuirksOf(operation).Model!.Fill(Options(version, null)));
        }

        Assert.Null(Catalogue.BuiltIn.Find("azure-openai")!.For(Options(Dated, "dep")).QuirksOf(Operation.Chat).Model);
    }

    [Fact]
    public void Without_a_deployment_the_model_is_its_name() =>
        Assert.Equal(
            "https://res.openai.azure.com/openai/deployments/gpt-4o%2Fx/chat/completions?api-version=2024-10-21",
            Build(Operation.Chat, "/v1/chat/completions", Dated, null, "gpt-4o/x"));

    [Fact]
    public void An_upload_without_a_deployment_asks_for_one() =>
        Assert.Equal(
            "The provider 'azure-openai' needs the option 'deployment_id': set it in the target, or send the header 'x-portkey-azure-deployment-id'.",
            Refusal(Operation.Transcription, "/v1/audio/transcriptions", Options(Dated, null), null));

    [Fact]
    public void A_missing_resource_is_asked_for() =>
        Assert.Equal(
            "The provider 'azure-openai' needs the option 'resource_name': set it in the target, or send the header 'x-portkey-azure-resource-name'.",
            Refusal(Operation.Chat, "/v1/chat/completions", new Dictionary<string, string> { ["api_version"] = Dated }, "gpt-4o"));

    [Theory]
    [InlineData("evil.com/#")]
    [InlineData("evil.com")]
    [InlineData("evil.com?")]
    [InlineData("evil@host")]
    [InlineData("evil:80")]
    [InlineData("a\\b")]
    [InlineData("a_b")]
    [InlineData("a%2eb")]
    [InlineData("a\r\nb")]
    public void A_resource_cannot_lead_elsewhere(string resource) =>
        Assert.Equal(
            "The option 'resource_name' may hold letters, digits and '-' only, since it is part of a host name.",
            Refusal(Operation.Chat, "/v1/chat/completions", new Dictionary<string, string> { ["resource_name"] = resource, ["api_version"] = "v1" }, "gpt-4o"));

    [Theory]
    [InlineData("../../x")]
    [InlineData("a/b")]
    [InlineData("a?b=c")]
    [InlineData("a%2fb")]
    public void A_deployment_is_a_token(string deployment) =>
        Assert.Equal(
            "The option 'deployment_id' may hold letters, digits, '.', '_' and '-' only, since it is part of an address.",
            Refusal(Operation.Chat, "/v1/chat/completions", Options(Dated, deployment), "gpt-4o"));

    [Theory]
    [InlineData("..", null)]
    [InlineData(null, "..")]
    [InlineData(null, ".")]
    public void Neither_deployment_nor_model_can_be_dots(string? deployment, string? model) =>
        Assert.Equal(
            "The model or an option would add a '.' or '..' segment to the path.",
            Refusal(Operation.Chat, "/v1/chat/completions", Options(Dated, deployment), model));

    [Theory]
    [InlineData("azure_ad_token", "t", AuthKind.Bearer)]
    [InlineData("azure_auth_mode", "entra", AuthKind.Unsupported)]
    [InlineData("azure_auth_mode", "managed", AuthKind.Unsupported)]
    [InlineData("azure_auth_mode", "workload", AuthKind.Unsupported)]
    [InlineData("azure_auth_mode", "default", AuthKind.Header)]
    public void The_way_to_authenticate_follows_the_options(string option, string value, AuthKind kind)
    {
        var rule = Catalogue.BuiltIn.Find("azure-openai")!.AuthFor(Operation.Chat)
            .First(rule => rule.When is null || rule.When == option || rule.When == $"{option}={value}");

        Assert.Equal(kind, rule.Kind);
    }

    private static Dictionary<string, string> Options(string version, string? deployment)
    {
        var options = new Dictionary<string, string> { ["resource_name"] = "res", ["api_version"] = version };
        if (deployment is not null) options["deployment_id"] = deployment;
        return options;
    }

    private static string Build(Operation operation, string target, string version, string? deployment, string? model)
    {
        var options = Options(version, deployment);
        Assert.True(UpstreamAddress.TryBuild(Catalogue.BuiltIn.Find("azure-openai")!.For(options), operation, target, options, model, null, out var address, out var fault), fault);
        return address;
    }

    private static string Refusal(Operation operation, string target, Dictionary<string, string> options, string? model)
    {
        Assert.False(UpstreamAddress.TryBuild(Catalogue.BuiltIn.Find("azure-openai")!.For(options), operation, target, options, model, null, out _, out var fault));
        return fault;
    }
}
