using Penstock.Providers;

namespace Penstock.Core.Tests.Providers;

public sealed class CatalogueTests
{
    /// <summary>Every id that clients of the reference gateway may send, and those that we add.</summary>
    private const string Ids =
        "302ai ai21 aibadgr anthropic anyscale azure-ai azure-openai baseten bedrock bedrock-mantle bytez cerebras cohere cometapi cortex "
        + "dashscope deepbricks deepinfra deepseek featherless-ai fireworks-ai github github-models google groq huggingface hyperbolic "
        + "inference-net iointelligence jina kluster-ai krutrim lambda lemonfox-ai lepton lingyi lm-studio localai matterai meshy milvus "
        + "minimax mistral-ai modal monsterapi moonshot ncompass nebius nextbit nomic novita-ai nscale nvidia-nim ollama openai openrouter "
        + "oracle ovhcloud palm perplexity-ai portkey predibase qdrant recraft-ai reka-ai replicate sagemaker sambanova segmind siliconflow "
        + "stability-ai together-ai tripo3d triton upstage vercel-ai-gateway vertex-ai vllm voyage workers-ai x-ai z-ai zhipu";

    [Fact]
    public void The_built_in_catalogue_has_no_faults_and_every_known_id() =>
        Assert.Equal(Ids.Split(' '), Catalogue.BuiltIn.Rows.Select(row => row.Id).Order(StringComparer.Ordinal));

    [Fact]
    public void A_custom_row_joins_or_replaces()
    {
        var catalogue = Catalogue.BuiltIn.With([Rows.Read("acme", """{"base_url":"http://localhost:9000/v1"}"""), Rows.Read("openai", """{"base_url":"http://localhost:1/v1"}""")]);

        Assert.True(catalogue.Find("acme")!.IsCustom);
        Assert.True(catalogue.Find("openai")!.IsCustom);
        Assert.False(catalogue.Find("groq")!.IsCustom);
        Assert.Equal(Catalogue.BuiltIn.Rows.Length + 1, catalogue.Rows.Length);
        Assert.False(Catalogue.BuiltIn.Find("openai")!.IsCustom);
    }

    [Theory]
    [InlineData("open-ai", "openai")]
    [InlineData("OpenAI", "openai")]
    [InlineData("azure", "azure-openai")]
    [InlineData("mistral", "mistral-ai")]
    [InlineData("together", "together-ai")]
    [InlineData("gemini", "google")]
    [InlineData("xai", "x-ai")]
    [InlineData("fireworks", "fireworks-ai")]
    [InlineData("perplexity", "perplexity-ai")]
    [InlineData("hugging-face", "huggingface")]
    [InlineData("nvidia", "nvidia-nim")]
    [InlineData("vertex", "vertex-ai")]
    [InlineData("aws", "bedrock")]
    [InlineData("groqq", "groq")]
    [InlineData("gorq", "groq")]
    [InlineData("antropic", "anthropic")]
    [InlineData("deep_seek", "deepseek")]
    [InlineData("perplexty", "perplexity-ai")]
    [InlineData("", null)]
    [InlineData("--", null)]
    [InlineData("my-own-thing", null)]
    public void Suggests_what_was_meant(string typed, string? meant) => Assert.Equal(meant, Catalogue.BuiltIn.Suggest(typed));

    /// <summary>Two rows with one other name would make a suggestion a matter of chance.</summary>
    [Fact]
    public void No_other_name_is_used_twice_or_is_an_id()
    {
        var names = Catalogue.BuiltIn.Rows.SelectMany(row => row.OtherNames).ToList();

        Assert.Equal(names.Distinct(), names);
        Assert.DoesNotContain(names, name => Catalogue.BuiltIn.Find(name) is not null);
    }

    [Theory]
    [InlineData("openai", "OPENAI_API_KEY")]
    [InlineData("groq", "GROQ_API_KEY")]
    [InlineData("together-ai", "TOGETHER_API_KEY")]
    [InlineData("mistral-ai", "MISTRAL_API_KEY")]
    [InlineData("deepseek", "DEEPSEEK_API_KEY")]
    [InlineData("openrouter", "OPENROUTER_API_KEY")]
    [InlineData("fireworks-ai", "FIREWORKS_API_KEY")]
    [InlineData("x-ai", "XAI_API_KEY")]
    [InlineData("azure-openai", "AZURE_OPENAI_API_KEY")]
    [InlineData("anthropic", "ANTHROPIC_API_KEY")]
    [InlineData("google", "GEMINI_API_KEY GOOGLE_API_KEY")]
    [InlineData("cohere", "CO_API_KEY COHERE_API_KEY")]
    [InlineData("perplexity-ai", "PERPLEXITY_API_KEY PPLX_API_KEY")]
    [InlineData("huggingface", "HF_TOKEN HUGGINGFACE_API_KEY")]
    public void The_key_may_stand_in_the_variable_of_the_providers_own_docs(string id, string variables) =>
        Assert.Equal(variables.Split(' '), Catalogue.BuiltIn.Find(id)!.EnvironmentKeys);

    [Theory]
    [InlineData("openai", "openai_organization", "x-portkey-openai-organization")]
    [InlineData("openai", "openai_beta", "x-portkey-openai-beta openai-beta")]
    [InlineData("azure-openai", "resource_name", "x-portkey-azure-resource-name")]
    [InlineData("azure-openai", "deployment_id", "x-portkey-azure-deployment-id")]
    [InlineData("azure-openai", "api_version", "x-portkey-azure-api-version")]
    [InlineData("azure-openai", "azure_ad_token", "x-portkey-azure-ad-token")]
    [InlineData("azure-ai", "azure_foundry_url", "x-portkey-azure-foundry-url")]
    [InlineData("azure-ai", "azure_extra_parameters", "x-portkey-azure-extra-params")]
    [InlineData("bedrock", "aws_region", "x-portkey-aws-region")]
    [InlineData("bedrock", "aws_server_side_encryption", "x-portkey-amz-server-side-encryption")]
    [InlineData("bedrock", "aws_s3_object_key", "x-portkey-aws-s3-object-key x-portkey-provider-file-name")]
    [InlineData("sagemaker", "amzn_sagemaker_target_model", "x-portkey-amzn-sagemaker-target-model")]
    [InlineData("vertex-ai", "vertex_project_id", "x-portkey-vertex-project-id")]
    [InlineData("vertex-ai", "vertex_model_name", "x-portkey-provider-model")]
    [InlineData("anthropic", "anthropic_version", "x-portkey-anthropic-version anthropic-version")]
    [InlineData("huggingface", "huggingface_base_url", "x-portkey-huggingface-base-url")]
    [InlineData("workers-ai", "workers_ai_account_id", "x-portkey-workers-ai-account-id")]
    [InlineData("stability-ai", "stability_client_user_id", "x-portkey-stability-client-user-id")]
    [InlineData("fireworks-ai", "fireworks_account_id", "x-portkey-fireworks-account-id")]
    [InlineData("fireworks-ai", "fireworks_file_length", "x-portkey-file-upload-size")]
    [InlineData("cortex", "snowflake_account", "x-portkey-snowflake-account")]
    [InlineData("oracle", "oracle_region", "x-portkey-oracle-region")]
    [InlineData("mistral-ai", "mistral_fim_completion", "x-portkey-mistral-fim-completion")]
    public void Options_are_read_from_the_headers_that_SDKs_send(string id, string option, string headers) =>
        Assert.Equal(headers.Split(' '), Catalogue.BuiltIn.Find(id)!.Options[option].Headers);

    [Fact]
    public void Azure_options_have_both_spellings()
    {
        var options = Catalogue.BuiltIn.Find("azure-openai")!.Options;

        Assert.Contains("azure_resource_name", options["resource_name"].Aliases);
        Assert.Contains("azure_deployment_id", options["deployment_id"].Aliases);
        Assert.Contains("azure_api_version", options["api_version"].Aliases);
    }

    /// <summary>From a caller such an option must pass the rules for custom hosts.</summary>
    [Fact]
    public void Only_these_options_name_a_whole_address() =>
        Assert.Equal(
            ["azure-ai azure_foundry_url", "huggingface huggingface_base_url"],
            Catalogue.BuiltIn.Rows.SelectMany(row => row.UrlOptions.Select(option => $"{row.Id} {option}")).Order(StringComparer.Ordinal));
}
