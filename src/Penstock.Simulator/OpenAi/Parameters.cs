using System.Collections.Frozen;
using System.Text.Json;
using static Penstock.Simulator.OpenAi.ParameterKind;

namespace Penstock.Simulator.OpenAi;

/// <summary>The parameters of each operation. Source: platform.openai.com/docs/api-reference.</summary>
internal static class Parameters
{
    public static FrozenDictionary<string, Parameter> Chat { get; } = Table(
        new("model", Text), new("messages", List), new("audio", Map), new("frequency_penalty", Number, -2, 2),
        new("function_call", TextOrMap), new("functions", List), new("logit_bias", Map), new("logprobs", Flag),
        new("max_completion_tokens", Integer, 1), new("max_tokens", Integer, 1), new("metadata", Map),
        new("modalities", List), new("n", Integer, 1, 128), new("parallel_tool_calls", Flag),
        new("prediction", Map), new("presence_penalty", Number, -2, 2), new("prompt_cache_key", Text),
        new("prompt_cache_retention", Text), new("reasoning_effort", Text), new("response_format", Map),
        new("safety_identifier", Text), new("seed", Integer), new("service_tier", Text), new("stop", TextOrList),
        new("store", Flag), new("stream", Flag), new("stream_options", Map),
        new("temperature", Number, 0, 2), new("tool_choice", TextOrMap), new("tools", List), new("top_logprobs", Integer, 0, 20),
        new("top_p", Number, 0, 1), new("user", Text), new("verbosity", Text), new("web_search_options", Map));

    public static FrozenDictionary<string, Parameter> Completion { get; } = Table(
        new("model", Text), new("prompt", TextOrList), new("best_of", Integer, 1, 20), new("echo", Flag), new("frequency_penalty", Number, -2, 2),
        new("logit_bias", Map), new("logprobs", Integer, 0, 5), new("max_tokens", Integer, 0), new("n", Integer, 1, 128),
        new("presence_penalty", Number, -2, 2), new("seed", Integer), new("stop", TextOrList), new("stream", Flag),
        new("stream_options", Map), new("suffix", Text), new("temperature", Number, 0, 2), new("top_p", Number, 0, 1), new("user", Text));

    public static FrozenDictionary<string, Parameter> Embedding { get; } = Table(
        new("model", Text), new("input", TextOrList), new("dimensions", Integer, 1, 10_000), new("encoding_format", Text), new("user", Text));

    public static FrozenDictionary<string, Parameter> Response { get; } = Table(
        new("model", Text), new("input", TextOrList), new("background", Flag), new("conversation", TextOrMap), new("include", List),
        new("instructions", TextOrList), new("max_output_tokens", Integer, 16), new("max_tool_calls", Integer, 1), new("metadata", Map),
        new("parallel_tool_calls", Flag), new("previous_response_id", Text), new("prompt", Map), new("prompt_cache_key", Text),
        new("prompt_cache_retention", Text), new("reasoning", Map), new("safety_identifier", Text), new("service_tier", Text),
        new("store", Flag), new("stream", Flag), new("stream_options", Map), new("temperature", Number, 0, 2), new("text", Map),
        new("tool_choice", TextOrMap), new("tools", List), new("top_logprobs", Integer, 0, 20), new("top_p", Number, 0, 1),
        new("truncation", Text), new("user", Text));

    public static FrozenDictionary<string, Parameter> Image { get; } = Table(
        new("model", Text), new("prompt", Text), new("background", Text), new("moderation", Text), new("n", Integer, 1, 10),
        new("output_compression", Integer, 0, 100), new("output_format", Text), new("partial_images", Integer, 0, 3), new("quality", Text),
        new("response_format", Text), new("size", Text), new("stream", Flag), new("style", Text), new("user", Text));

    public static FrozenDictionary<string, Parameter> Speech { get; } = Table(
        new("model", Text), new("input", Text), new("voice", TextOrMap), new("instructions", Text), new("response_format", Text),
        new("speed", Number, 0.25, 4), new("stream_format", Text));

    public static FrozenDictionary<string, Parameter> Moderation { get; } = Table(new("model", Text), new("input", TextOrList));

    public static FrozenDictionary<string, Parameter> Batch { get; } = Table(
        new("input_file_id", Text), new("endpoint", Text), new("completion_window", Text), new("metadata", Map), new("output_expires_after", Map));

    /// <exception cref="RefusedException">A parameter is unknown, of the wrong kind or out of range.</exception>
    public static void Check(JsonElement body, FrozenDictionary<string, Parameter> known)
    {
        foreach (var member in body.EnumerateObject())
        {
            if (!known.TryGetValue(member.Name, out var parameter)) throw Unrecognized(member.Name);
            parameter.Check(member.Value);
        }
    }

    /// <summary>A chat request by the profile's own rules.</summary>
    /// <exception cref="RefusedException">A parameter is unknown, refused, of the wrong kind or out of range.</exception>
    public static void CheckChat(JsonElement body, ProviderProfile profile)
    {
        foreach (var member in body.EnumerateObject())
        {
            if (profile.Refused.Contains(member.Name)) throw new RefusedException(400, $"property '{member.Name}' is unsupported", member.Name, "extra_forbidden");
            if (profile.Own.Contains(member.Name)) continue;
            if (Chat.TryGetValue(member.Name, out var parameter)) Limit(parameter, profile).Check(member.Value);
            else if (!profile.IgnoresUnknown) throw Unrecognized(member.Name);
        }
    }

    private static Parameter Limit(Parameter parameter, ProviderProfile profile) => parameter.Name switch
    {
        "temperature" => parameter with { Max = profile.MaxTemperature },
        "n" => parameter with { Max = profile.MaxChoices },
        _ => parameter,
    };

    private static RefusedException Unrecognized(string name) =>
        new(400, $"Unrecognized request argument supplied: {name}", name, "unknown_parameter");

    private static FrozenDictionary<string, Parameter> Table(params ReadOnlySpan<Parameter> parameters) =>
        parameters.ToArray().ToFrozenDictionary(static parameter => parameter.Name);
}
