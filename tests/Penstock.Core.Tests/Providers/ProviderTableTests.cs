using Penstock.Providers;

namespace Penstock.Core.Tests.Providers;

/// <summary>
/// What a chat request to each provider comes to. The table is written from the providers' documentation, not from the
/// catalogue: it is the second opinion.
/// </summary>
public sealed class ProviderTableTests
{
    /// <summary>
    /// Provider, address, how the key travels, and what is changed in the body: d is the role developer → system, m is
    /// max_completion_tokens → max_tokens.
    /// </summary>
    private const string Table = """
        302ai | https://api.302.ai/v1/chat/completions | Bearer |
        ai21 | https://api.ai21.com/studio/v1/chat/completions | Bearer | d m
        aibadgr | https://aibadgr.com/api/v1/chat/completions | Bearer | d
        anthropic | https://api.anthropic.com/v1/chat/completions | Bearer |
        azure-ai | https://res.services.ai.azure.com/models/chat/completions | Bearer | d
        azure-openai | https://res.openai.azure.com/openai/v1/chat/completions | api-key | model={deployment_id}
        baseten | https://inference.baseten.co/v1/chat/completions | Bearer |
        bedrock-mantle | https://bedrock-mantle.us-east-1.api.aws/v1/chat/completions | Bearer |
        cerebras | https://api.cerebras.ai/v1/chat/completions | Bearer | d
        cohere | https://api.cohere.ai/compatibility/v1/chat/completions | Bearer | d m
        cometapi | https://api.cometapi.com/v1/chat/completions | Bearer |
        cortex | https://org-acc.snowflakecomputing.com/api/v2/cortex/v1/chat/completions | Bearer |
        dashscope | https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions | Bearer | d
        deepbricks | https://api.deepbricks.ai/v1/chat/completions | Bearer | d m
        deepinfra | https://api.deepinfra.com/v1/openai/chat/completions | Bearer | d m
        deepseek | https://api.deepseek.com/v1/chat/completions | Bearer | d m
        featherless-ai | https://api.featherless.ai/v1/chat/completions | Bearer | d
        fireworks-ai | https://api.fireworks.ai/inference/v1/chat/completions | Bearer | d m
        github | https://models.github.ai/inference/chat/completions | Bearer | d
        github-models | https://models.github.ai/inference/chat/completions | Bearer | d
        google | https://generativelanguage.googleapis.com/v1beta/openai/chat/completions | Bearer | d
        groq | https://api.groq.com/openai/v1/chat/completions | Bearer | d
        huggingface | https://router.huggingface.co/v1/chat/completions | Bearer | d m
        hyperbolic | https://api.hyperbolic.xyz/v1/chat/completions | Bearer | d
        inference-net | https://api.inference.net/v1/chat/completions | Bearer | d
        iointelligence | https://api.intelligence.io.solutions/api/v1/chat/completions | Bearer | d
        kluster-ai | https://api.kluster.ai/v1/chat/completions | Bearer | d
        krutrim | https://cloud.olakrutrim.com/v1/chat/completions | Bearer | d
        lemonfox-ai | https://api.lemonfox.ai/v1/chat/completions | Bearer | d
        lepton | https://api.lepton.ai/api/v1/chat/completions | Bearer |
        lingyi | https://api.lingyiwanwu.com/v1/chat/completions | Bearer | d m
        lm-studio | http://localhost:1234/v1/chat/completions | Bearer? | d
        localai | http://localhost:8080/v1/chat/completions | Bearer? | d
        matterai | https://api.matterai.so/v1/chat/completions | Bearer |
        minimax | https://api.minimax.io/v1/chat/completions | Bearer |
        mistral-ai | https://api.mistral.ai/v1/chat/completions | Bearer | d m safe_mode=safe_prompt seed=random_seed -stream_options tool_choice:required=any mistralai.*
        modal | https://api.modal.com/v1/chat/completions | Bearer? | d
        monsterapi | https://llm.monsterapi.ai/v1/chat/completions | Bearer | d
        moonshot | https://api.moonshot.cn/v1/chat/completions | Bearer | d m
        ncompass | https://api.ncompass.tech/v1/chat/completions | Bearer | d m
        nebius | https://api.tokenfactory.nebius.com/v1/chat/completions | Bearer | d
        nextbit | https://api.nextbit256.com/v1/chat/completions | Bearer | d
        novita-ai | https://api.novita.ai/openai/v1/chat/completions | Bearer | d m
        nscale | https://inference.api.nscale.com/v1/chat/completions | Bearer | d
        nvidia-nim | https://integrate.api.nvidia.com/v1/chat/completions | Bearer | d
        ollama | http://localhost:11434/v1/chat/completions | Bearer? | d m
        openai | https://api.openai.com/v1/chat/completions | Bearer |
        openrouter | https://openrouter.ai/api/v1/chat/completions | Bearer | d m reasoning_effort=reasoning.effort
        ovhcloud | https://oai.endpoints.kepler.ai.cloud.ovh.net/v1/chat/completions | Bearer |
        perplexity-ai | https://api.perplexity.ai/chat/completions | Bearer | d m
        predibase | https://serving.app.predibase.com/ten/deployments/v2/llms/m%2Fx/v1/chat/completions | Bearer | d m
        reka-ai | https://api.reka.ai/v1/chat/completions | Bearer | d
        sambanova | https://api.sambanova.ai/v1/chat/completions | Bearer | d
        siliconflow | https://api.siliconflow.cn/v1/chat/completions | Bearer | d m
        together-ai | https://api.together.xyz/v1/chat/completions | Bearer | d m
        upstage | https://api.upstage.ai/v1/chat/completions | Bearer | d
        vercel-ai-gateway | https://ai-gateway.vercel.sh/v1/chat/completions | Bearer |
        vertex-ai | https://us-central1-aiplatform.googleapis.com/v1/projects/pro/locations/us-central1/endpoints/openapi/chat/completions | Bearer |
        vllm | http://localhost:8000/v1/chat/completions | Bearer? | d
        workers-ai | https://api.cloudflare.com/client/v4/accounts/acc/ai/v1/chat/completions | Bearer | d m
        x-ai | https://api.x.ai/v1/chat/completions | Bearer | d
        z-ai | https://api.z.ai/api/paas/v4/chat/completions | Bearer | d m
        zhipu | https://open.bigmodel.cn/api/paas/v4/chat/completions | Bearer | d m
        """;

    /// <summary>What a target of these providers must say.</summary>
    private static readonly Dictionary<string, string> Needed = new(StringComparer.Ordinal)
    {
        ["resource_name"] = "res",
        ["azure_foundry_url"] = "https://res.services.ai.azure.com/models/",
        ["snowflake_account"] = "org-acc",
        ["predibase_tenant_id"] = "ten",
        ["vertex_project_id"] = "pro",
        ["vertex_region"] = "us-central1",
        ["workers_ai_account_id"] = "acc",
    };

    public static TheoryData<string, string, string, string> Rows()
    {
        var data = new TheoryData<string, string, string, string>();
        foreach (var line in Table.Split('\n', StringSplitOptions.TrimEntries))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            data.Add(cells[0], cells[1], cells[2], cells[3]);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_chat_request(string id, string address, string key, string changes)
    {
        var row = Catalogue.BuiltIn.Find(id)!;
        var options = row.Options.Values
            .Select(option => (option.Name, Value: Needed.GetValueOrDefault(option.Name) ?? option.Default))
            .Where(option => option.Value is not null)
            .ToDictionary(option => option.Name, option => option.Value!);
        row = row.For(options);

        Assert.True(UpstreamAddress.TryBuild(row, Operation.Chat, "/v1/chat/completions", options, "m/x", null, out var built, out var fault), fault);
        Assert.Equal(address, built);
        Assert.Equal(key, Describe(row.AuthFor(Operation.Chat)[^1]));
        Assert.Equal(changes.Split(' ', StringSplitOptions.RemoveEmptyEntries), Describe(row.QuirksOf(Operation.Chat)));
    }

    /// <summary>No other row is offered to chat requests, so that the table cannot lag behind.</summary>
    [Fact]
    public void The_table_has_every_provider_that_can_chat() =>
        Assert.Equal(
            Rows().Select(row => row.Data.Item1),
            Catalogue.BuiltIn.Rows
                .Where(row => row.Addresses[Operation.Chat].IsOffered && row.Retired is null && row.Id != "portkey")
                .Select(row => row.Id)
                .Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("bedrock")]
    [InlineData("oracle")]
    [InlineData("sagemaker")]
    [InlineData("triton")]
    [InlineData("stability-ai")]
    [InlineData("voyage")]
    [InlineData("replicate")]
    [InlineData("bytez")]
    public void A_provider_without_chat_says_so(string id)
    {
        Assert.False(Build(id, Operation.Chat, "/v1/chat/completions", out var fault));
        Assert.Equal($"The provider '{id}' does not offer chat completions.", fault);
    }

    [Theory]
    [InlineData("palm", Operation.Proxy, "/v1/proxy/models", "Google shut the PaLM API down")]
    [InlineData("anyscale", Operation.Chat, "/v1/chat/completions", "closed its public endpoints")]
    [InlineData("lambda", Operation.Chat, "/v1/chat/completions", "closed its inference API")]
    public void A_provider_whose_host_is_gone_says_so(string id, Operation operation, string target, string words)
    {
        Assert.False(Build(id, operation, target, out var fault));
        Assert.Contains(words, fault, StringComparison.Ordinal);
        Assert.True(UpstreamAddress.TryBuild(Catalogue.BuiltIn.Find(id)!, operation, target, Needed, null, "https://own.example", out _, out _));
    }

    [Theory]
    [InlineData("anthropic", Operation.Messages, "/v1/messages", "https://api.anthropic.com/v1/messages")]
    [InlineData("anthropic", Operation.Messages, "/v1/messages/count_tokens", "https://api.anthropic.com/v1/messages/count_tokens")]
    [InlineData("anthropic", Operation.Proxy, "/v1/proxy/v1/messages", "https://api.anthropic.com/v1/messages")]
    [InlineData("anthropic", Operation.Proxy, "/v1/proxy/messages", "https://api.anthropic.com/v1/messages")]
    [InlineData("azure-ai", Operation.Messages, "/v1/messages", "https://res.services.ai.azure.com/models/v1/messages")]
    [InlineData("bedrock", Operation.Proxy, "/v1/proxy/model/a.b%3A0/converse", "https://bedrock-runtime.eu-west-1.amazonaws.com/model/a.b%3A0/converse")]
    [InlineData("bedrock-mantle", Operation.Messages, "/v1/messages", "https://bedrock-mantle.eu-west-1.api.aws/anthropic/v1/messages")]
    [InlineData("cohere", Operation.Rerank, "/v1/rerank", "https://api.cohere.ai/v2/rerank")]
    [InlineData("cohere", Operation.Models, "/v1/models/command-a", "https://api.cohere.ai/v1/models/command-a")]
    [InlineData("cohere", Operation.Embedding, "/v1/embeddings", "https://api.cohere.ai/compatibility/v1/embeddings")]
    [InlineData("cohere", Operation.Proxy, "/v1/proxy/v2/chat", "https://api.cohere.ai/v2/chat")]
    [InlineData("deepinfra", Operation.Image, "/v1/images/generations", "https://api.deepinfra.com/v1/openai/images/generations")]
    [InlineData("deepseek", Operation.Completion, "/v1/completions", "https://api.deepseek.com/beta/completions")]
    [InlineData("deepseek", Operation.Messages, "/v1/messages", "https://api.deepseek.com/anthropic/v1/messages")]
    [InlineData("fireworks-ai", Operation.Proxy, "/v1/proxy/datasets", "https://api.fireworks.ai/inference/v1/datasets")]
    [InlineData("github", Operation.Models, "/v1/models", "https://models.github.ai/catalog/models")]
    [InlineData("google", Operation.Embedding, "/v1/embeddings", "https://generativelanguage.googleapis.com/v1beta/openai/embeddings")]
    [InlineData("google", Operation.Models, "/v1/models", "https://generativelanguage.googleapis.com/v1beta/openai/models")]
    [InlineData("google", Operation.Proxy, "/v1/proxy/v1beta/models/gemini-2.5-pro:generateContent", "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent")]
    [InlineData("groq", Operation.Transcription, "/v1/audio/transcriptions", "https://api.groq.com/openai/v1/audio/transcriptions")]
    [InlineData("groq", Operation.Responses, "/v1/responses", "https://api.groq.com/openai/v1/responses")]
    [InlineData("jina", Operation.Embedding, "/v1/embeddings", "https://api.jina.ai/v1/embeddings")]
    [InlineData("meshy", Operation.Proxy, "/v1/text-to-3d?page=2", "https://api.meshy.ai/openapi/v1/text-to-3d?page=2")]
    [InlineData("mistral-ai", Operation.Completion, "/v1/completions", "https://api.mistral.ai/v1/fim/completions")]
    [InlineData("nomic", Operation.Proxy, "/v1/proxy/embedding/text", "https://api-atlas.nomic.ai/v1/embedding/text")]
    [InlineData("ollama", Operation.Proxy, "/v1/proxy/api/tags", "http://localhost:11434/api/tags")]
    [InlineData("ollama", Operation.Embedding, "/v1/embeddings", "http://localhost:11434/v1/embeddings")]
    [InlineData("openai", Operation.Files, "/v1/files/file-1/content", "https://api.openai.com/v1/files/file-1/content")]
    [InlineData("openai", Operation.FineTuning, "/v1/fine_tuning/jobs/ft-1/events?limit=3", "https://api.openai.com/v1/fine_tuning/jobs/ft-1/events?limit=3")]
    [InlineData("openrouter", Operation.Messages, "/v1/messages", "https://openrouter.ai/api/v1/messages")]
    [InlineData("recraft-ai", Operation.Image, "/v1/images/generations", "https://external.api.recraft.ai/v1/images/generations")]
    [InlineData("replicate", Operation.Proxy, "/v1/predictions/abc", "https://api.replicate.com/v1/predictions/abc")]
    [InlineData("sagemaker", Operation.Proxy, "/v1/endpoints/e/invocations", "https://runtime.sagemaker.eu-west-1.amazonaws.com/endpoints/e/invocations")]
    [InlineData("stability-ai", Operation.Proxy, "/v1/proxy/v2beta/stable-image/generate/core", "https://api.stability.ai/v2beta/stable-image/generate/core")]
    [InlineData("together-ai", Operation.Rerank, "/v1/rerank", "https://api.together.xyz/v1/rerank")]
    [InlineData("tripo3d", Operation.Proxy, "/v1/task", "https://api.tripo3d.ai/v2/openapi/task")]
    [InlineData("voyage", Operation.Rerank, "/v1/rerank", "https://api.voyageai.com/v1/rerank")]
    [InlineData("workers-ai", Operation.Embedding, "/v1/embeddings", "https://api.cloudflare.com/client/v4/accounts/acc/ai/v1/embeddings")]
    [InlineData("workers-ai", Operation.Proxy, "/v1/proxy/@cf/meta/llama-3-8b", "https://api.cloudflare.com/client/v4/accounts/acc/ai/run/@cf/meta/llama-3-8b")]
    public void Any_other_request(string id, Operation operation, string target, string address)
    {
        var options = new Dictionary<string, string>(Needed) { ["aws_region"] = "eu-west-1" };

        Assert.True(UpstreamAddress.TryBuild(Catalogue.BuiltIn.Find(id)!, operation, target, options, null, null, out var built, out var fault), fault);
        Assert.Equal(address, built);
    }

    [Theory]
    [InlineData("anthropic", Operation.Messages, "x-api-key")]
    [InlineData("anthropic", Operation.Proxy, "x-api-key")]
    [InlineData("azure-ai", Operation.Messages, "x-api-key")]
    [InlineData("bytez", Operation.Proxy, "Key")]
    [InlineData("google", Operation.Proxy, "x-goog-api-key")]
    [InlineData("google", Operation.Embedding, "Bearer")]
    [InlineData("oracle", Operation.Proxy, "unsupported")]
    [InlineData("qdrant", Operation.Proxy, "api-key?")]
    [InlineData("reka-ai", Operation.Proxy, "x-api-key")]
    [InlineData("segmind", Operation.Proxy, "x-api-key")]
    [InlineData("bedrock", Operation.Proxy, "unsupported")]
    [InlineData("triton", Operation.Proxy, "none")]
    public void The_key_travels_as_the_operation_wants_it(string id, Operation operation, string key) =>
        Assert.Equal(key, Describe(Catalogue.BuiltIn.Find(id)!.AuthFor(operation)[^1]));

    [Theory]
    [InlineData("huggingface", "huggingface_base_url", "https://x.endpoints.huggingface.cloud", "https://x.endpoints.huggingface.cloud/v1/chat/completions")]
    [InlineData("huggingface", "huggingface_base_url", "https://x.endpoints.huggingface.cloud/v1/", "https://x.endpoints.huggingface.cloud/v1/chat/completions")]
    [InlineData("mistral-ai", "mistral_fim_completion", "true", "https://api.mistral.ai/v1/fim/completions")]
    [InlineData("mistral-ai", "mistral_fim_completion", "false", "https://api.mistral.ai/v1/chat/completions")]
    [InlineData("vertex-ai", "vertex_region", "global", "https://aiplatform.googleapis.com/v1/projects/pro/locations/global/endpoints/openapi/chat/completions")]
    [InlineData("vertex-ai", "vertex_region", "eu", "https://aiplatform.eu.rep.googleapis.com/v1/projects/pro/locations/eu/endpoints/openapi/chat/completions")]
    public void An_option_may_change_the_address(string id, string option, string value, string address)
    {
        var options = new Dictionary<string, string>(Needed) { [option] = value };

        Assert.True(UpstreamAddress.TryBuild(Catalogue.BuiltIn.Find(id)!.For(options), Operation.Chat, "/v1/chat/completions", options, "m", null, out var built, out var fault), fault);
        Assert.Equal(address, built);
    }

    [Fact]
    public void Fireworks_passes_other_paths_to_the_account_that_is_named()
    {
        var options = new Dictionary<string, string> { ["fireworks_account_id"] = "me" };

        Assert.True(UpstreamAddress.TryBuild(Catalogue.BuiltIn.Find("fireworks-ai")!.For(options), Operation.Proxy, "/v1/proxy/datasets", options, null, null, out var built, out _));
        Assert.Equal("https://api.fireworks.ai/v1/accounts/me/datasets", built);
    }

    [Theory]
    [InlineData("voyage", Operation.Rerank, "top_n=top_k")]
    [InlineData("voyage", Operation.Embedding, "dimensions=output_dimension")]
    [InlineData("mistral-ai", Operation.Embedding, "")]
    [InlineData("together-ai", Operation.Completion, "d m")]
    public void Other_bodies_are_changed_where_the_provider_wants_it(string id, Operation operation, string changes) =>
        Assert.Equal(changes.Split(' ', StringSplitOptions.RemoveEmptyEntries), Describe(Catalogue.BuiltIn.Find(id)!.QuirksOf(operation)));

    private static bool Build(string id, Operation operation, string target, out string fault) =>
        UpstreamAddress.TryBuild(Catalogue.BuiltIn.Find(id)!, operation, target, Needed, null, null, out _, out fault);

    private static string Describe(AuthRule rule) => (rule.Kind switch
    {
        AuthKind.Unsupported => "unsupported",
        AuthKind.None => "none",
        _ => rule.Name,
    }) + (rule.Optional ? "?" : "");

    private static IEnumerable<string> Describe(Quirks quirks) =>
    [
        .. quirks.Roles.Select(pair => pair == ("developer", "system") ? "d" : $"role:{pair.From}={pair.To}"),
        .. quirks.Rename.Select(pair => pair == ("max_completion_tokens", "max_tokens") ? "m" : $"{pair.From}={pair.To}").OrderBy(text => text == "m" ? "" : text, StringComparer.Ordinal),
        .. quirks.Remove.Select(name => "-" + name),
        .. quirks.Default.Select(pair => "+" + pair.Name),
        .. quirks.Values.Select(value => $"{value.Member}:{value.From}={value.To}"),
        .. quirks.ModelPrefix is { } prefix ? [prefix + "*"] : Array.Empty<string>(),
        .. quirks.Model is { } model ? [$"model={model.Text}"] : Array.Empty<string>(),
    ];
}
