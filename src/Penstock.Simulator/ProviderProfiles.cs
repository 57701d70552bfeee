using System.Collections.Frozen;

namespace Penstock.Simulator;

/// <summary>The rows. What is not said is as with OpenAI.</summary>
internal static class ProviderProfiles
{
    private static readonly string[] NoDeveloper = ["system", "assistant", "user", "tool"];

    /// <summary>OpenAI's parameters of late, which servers with a strict schema do not know.</summary>
    private static readonly string[] OpenAiOnly =
    [
        "audio", "function_call", "functions", "modalities", "prompt_cache_key", "prompt_cache_retention",
        "safety_identifier", "service_tier", "store", "verbosity", "web_search_options",
    ];

    public static ProviderProfile Azure { get; } = new("azure-openai")
    {
        BasePath = "/openai",
        KeyPlace = KeyPlace.ApiKeyHeader,
        HasDeployments = true,
        Errors = ErrorStyle.Azure,
    };

    public static IReadOnlyCollection<ProviderProfile> All { get; } =
    [
        ProviderProfile.OpenAi,
        Azure,

        // console.groq.com/docs/openai: logprobs, logit_bias, top_logprobs and n > 1 are answered with 400.
        new("groq")
        {
            BasePath = "/openai/v1",
            Refused = Set("logprobs", "top_logprobs", "logit_bias"),
            Own = Set("reasoning_format", "include_reasoning", "search_settings", "exclude_domains", "include_domains", "compound_custom", "documents", "citation_options"),
            MaxChoices = 1,
            ReasoningMember = "reasoning",
        },

        // docs.mistral.ai/api: a pydantic schema that forbids what it does not know; "any" besides "required" came later.
        new("mistral-ai")
        {
            Roles = NoDeveloper,
            Refused = Set(["max_completion_tokens", "seed", "logit_bias", "logprobs", "top_logprobs", "stream_options", "user", .. OpenAiOnly]),
            Own = Set("random_seed", "safe_prompt", "prompt_mode", "guardrails"),
            MaxTemperature = 1.5,
            ToolChoices = ["none", "auto", "any"],
            Errors = ErrorStyle.Mistral,
            InvalidStatus = 422,
            AlwaysStreamsUsage = true,
        },

        // api-docs.deepseek.com: unknown members are ignored; the role developer is not known.
        new("deepseek")
        {
            Roles = NoDeveloper,
            Refused = Set("max_completion_tokens"),
            Own = Set("thinking"),
            IgnoresUnknown = true,
        },

        // docs.together.ai/reference/chat-completions-1.
        new("together-ai") { Roles = NoDeveloper, Refused = Set("max_completion_tokens"), Own = Set("repetition_penalty", "top_k", "min_p", "safety_model", "context_length_exceeded_behavior"), IgnoresUnknown = true, ReasoningMember = "reasoning" },

        // docs.perplexity.ai/api-reference: no tools on this API, one choice, CRLF between events, no end mark.
        new("perplexity-ai")
        {
            BasePath = "",
            Roles = NoDeveloper,
            Refused = Set("max_completion_tokens", "tools", "tool_choice", "functions", "function_call", "logit_bias", "logprobs", "top_logprobs"),
            Own = Set("search_domain_filter", "search_recency_filter", "return_images", "return_related_questions", "top_k", "search_mode", "enable_search_classifier"),
            MaxTemperature = 1.9999,
            MaxChoices = 1,
            IgnoresUnknown = true,
            StreamLineEnd = "\r\n",
            SendsDone = false,
            AlwaysStreamsUsage = true,
        },

        // openrouter.ai/docs/api-reference: unknown members are ignored; comments keep the connection alive.
        new("openrouter") { BasePath = "/api/v1", IgnoresUnknown = true, Errors = ErrorStyle.OpenRouter, ReasoningMember = "reasoning", StreamComment = " OPENROUTER PROCESSING" },

        // docs.fireworks.ai/api-reference/post-chatcompletions: extra inputs are not permitted.
        new("fireworks-ai")
        {
            BasePath = "/inference/v1",
            Roles = NoDeveloper,
            Refused = Set(["max_completion_tokens", .. OpenAiOnly.Except(["function_call", "functions"])]),
            Own = Set("top_k", "min_p", "typical_p", "repetition_penalty", "mirostat_lr", "mirostat_target", "prompt_truncate_len", "context_length_exceeded_behavior", "ignore_eos", "raw_output", "echo", "perf_metrics_in_response"),
        },
        new("deepinfra") { BasePath = "/v1/openai", Roles = NoDeveloper, Refused = Set("max_completion_tokens"), MaxChoices = 4, IgnoresUnknown = true, Errors = ErrorStyle.Detail, InvalidStatus = 422, StreamComment = " ping - 2030-01-01 00:00:00" },
        new("x-ai") { Errors = ErrorStyle.Xai, Refused = Set("logit_bias", "prediction"), Own = Set("search_parameters", "deferred"), IgnoresUnknown = true },

        // inference-docs.cerebras.ai: a request without a User-Agent does not get past its front.
        new("cerebras") { Roles = NoDeveloper, Refused = Set("frequency_penalty", "presence_penalty", "logit_bias"), Errors = ErrorStyle.Root, MaxTemperature = 1.5, MaxChoices = 1, NeedsUserAgent = true, ReasoningMember = "reasoning" },
        new("nvidia-nim") { Roles = NoDeveloper, Errors = ErrorStyle.Detail, InvalidStatus = 422, IgnoresUnknown = true },
        new("ollama") { IgnoresUnknown = true, ReasoningMember = "reasoning" },
        new("vllm") { IgnoresUnknown = true },
    ];

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet();
}
