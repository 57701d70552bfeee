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

    /// <exception cref="RefusedException">A parameter is unknown, of the wrong kind or out of range.</exception>
    public static void Check(JsonElement body, FrozenDictionary<string, Parameter> known, ProviderProfile profile)
    {
        foreach (var member in body.EnumerateObject())
        {
            if (known.TryGetValue(member.Name, out var parameter)) parameter.Check(member.Value);
            else throw new RefusedException(400, $"Unrecognized request argument supplied: {member.Name}");
        }

        _ = profile;
    }

    private static FrozenDictionary<string, Parameter> Table(params ReadOnlySpan<Parameter> parameters) =>
        parameters.ToArray().ToFrozenDictionary(static parameter => parameter.Name);
}
