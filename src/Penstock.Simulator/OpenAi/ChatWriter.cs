using System.Text.Json;

namespace Penstock.Simulator.OpenAi;

/// <summary>A chat answer as one document or as chunks. Source: platform.openai.com/docs/api-reference/chat.</summary>
internal static class ChatWriter
{
    public static byte[] Whole(ChatAnswer answer) => JsonBytes.Write(json =>
    {
        json.WriteStartObject();
        WriteHead(json, answer, "chat.completion");
        json.WriteStartArray("choices");
        for (var index = 0; index < answer.Count; index++) WriteChoice(json, answer, index);
        json.WriteEndArray();
        WriteUsage(json, answer);
        json.WriteString("service_tier", "default");
        json.WriteString("system_fingerprint", "fp_sim");
        json.WriteEndObject();
    });

    /// <summary>The data of each event; the end mark is not among them.</summary>
    public static IEnumerable<string> Chunks(ChatAnswer answer)
    {
        for (var index = 0; index < answer.Count; index++)
        {
            yield return Chunk(answer, index, static json =>
            {
                json.WriteString("role", "assistant");
                json.WriteString("content", "");
                json.WriteNull("refusal");
            });
            foreach (var piece in answer.Reasoning) yield return Chunk(answer, index, json => json.WriteString(answer.ReasoningMember, piece));
            foreach (var piece in answer.Pieces) yield return Chunk(answer, index, json => json.WriteString("content", piece), answer.HasLogprobs ? piece : null);
            for (var call = 0; call < answer.ToolCalls.Count; call++)
            {
                foreach (var chunk in CallChunks(answer, index, call)) yield return chunk;
            }

            yield return Chunk(answer, index, static _ => { }, finishReason: answer.FinishReason);
        }

        if (answer.IncludesUsage) yield return UsageChunk(answer);
    }

    private static IEnumerable<string> CallChunks(ChatAnswer answer, int index, int number)
    {
        var call = answer.ToolCalls[number];
        yield return Chunk(answer, index, json => WriteCallDelta(json, number, call, ""));
        foreach (var fragment in call.Arguments.Chunk(5))
        {
            yield return Chunk(answer, index, json => WriteCallDelta(json, number, null, new string(fragment)));
        }
    }

    private static void WriteCallDelta(Utf8JsonWriter json, int number, ToolCall? call, string arguments)
    {
        json.WriteStartArray("tool_calls");
        json.WriteStartObject();
        json.WriteNumber("index", number);
        if (call is not null)
        {
            json.WriteString("id", call.Id);
            json.WriteString("type", "function");
        }

        json.WriteStartObject("function");
        if (call is not null) json.WriteString("name", call.Name);
        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static string Chunk(ChatAnswer answer, int index, Action<Utf8JsonWriter> writeDelta, string? logprobsOf = null, string? finishReason = null) => JsonBytes.Text(json =>
    {
        json.WriteStartObject();
        WriteHead(json, answer, "chat.completion.chunk");
        json.WriteString("system_fingerprint", "fp_sim");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteStartObject("delta");
        writeDelta(json);
        json.WriteEndObject();
        WriteLogprobs(json, logprobsOf is null ? null : [logprobsOf]);
        json.WriteString("finish_reason", finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        if (answer.IncludesUsage) json.WriteNull("usage");
        json.WriteEndObject();
    });

    private static string UsageChunk(ChatAnswer answer) => JsonBytes.Text(json =>
    {
        json.WriteStartObject();
        WriteHead(json, answer, "chat.completion.chunk");
        json.WriteString("system_fingerprint", "fp_sim");
        json.WriteStartArray("choices");
        json.WriteEndArray();
        WriteUsage(json, answer);
        json.WriteEndObject();
    });

    private static void WriteHead(Utf8JsonWriter json, ChatAnswer answer, string kind)
    {
        json.WriteString("id", answer.Id);
        json.WriteString("object", kind);
        json.WriteNumber("created", JsonBytes.Created);
        json.WriteString("model", answer.Model);
    }

    private static void WriteChoice(Utf8JsonWriter json, ChatAnswer answer, int index)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", answer.ToolCalls.Count > 0 ? null : string.Concat(answer.Pieces));
        if (answer.Reasoning.Count > 0) json.WriteString(answer.ReasoningMember, string.Concat(answer.Reasoning));
        if (answer.ToolCalls.Count > 0) WriteCalls(json, answer);
        json.WriteNull("refusal");
        json.WriteStartArray("annotations");
        json.WriteEndArray();
        json.WriteEndObject();
        WriteLogprobs(json, answer.HasLogprobs ? answer.Pieces : null);
        json.WriteString("finish_reason", answer.FinishReason);
        json.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter json, ChatAnswer answer)
    {
        json.WriteStartArray("tool_calls");
        foreach (var call in answer.ToolCalls)
        {
            json.WriteStartObject();
            json.WriteString("id", call.Id);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLogprobs(Utf8JsonWriter json, IReadOnlyList<string>? tokens)
    {
        if (tokens is null)
        {
            json.WriteNull("logprobs");
            return;
        }

        json.WriteStartObject("logprobs");
        json.WriteStartArray("content");
        foreach (var token in tokens)
        {
            json.WriteStartObject();
            json.WriteString("token", token);
            json.WriteNumber("logprob", -0.25);
            json.WriteStartArray("top_logprobs");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNull("refusal");
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, ChatAnswer answer)
    {
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", answer.PromptTokens);
        json.WriteNumber("completion_tokens", answer.CompletionTokens);
        json.WriteNumber("total_tokens", answer.PromptTokens + answer.CompletionTokens);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", 0);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", answer.ReasoningTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
