using System.Globalization;
using System.Text.Json;

namespace Penstock.Simulator.OpenAi;

/// <summary><c>POST /completions</c>, the older text API.</summary>
internal static class CompletionEndpoint
{
    public static HttpReply Answer(Call call)
    {
        var body = call.ReadObject();
        var model = call.Model(body);
        Parameters.Check(body, Parameters.Completion);
        var prompts = Prompts(body);
        var count = body.FindInteger("n") ?? 1;
        var texts = prompts.SelectMany(prompt => Enumerable.Repeat($"{(body.IsTrue("echo") ? prompt : "")}You said: {prompt}", count)).ToList();
        var id = string.Create(CultureInfo.InvariantCulture, $"cmpl-sim{call.Request.Number}");
        if (!body.IsTrue("stream")) return Reply.Json(Document(id, model, [.. texts.Select(static text => (text, (string?)"stop"))], 0, texts));
        return Reply.Sse(Chunks(id, model, texts, body.Find("stream_options") is { } options && options.IsTrue("include_usage")));
    }

    private static List<string> Prompts(JsonElement body)
    {
        if (body.Find("prompt") is not { } prompt) throw new RefusedException(400, "Missing required parameter: 'prompt'.", "prompt", "missing_required_parameter");
        if (prompt.ValueKind == JsonValueKind.String) return [prompt.AnyText()];
        if (prompt.GetArrayLength() == 0) throw new RefusedException(400, "Invalid 'prompt': empty array.", "prompt", "empty_array");
        if (prompt[0].ValueKind == JsonValueKind.Number) return [$"{prompt.GetArrayLength()} tokens"];
        return [.. prompt.EnumerateArray().Select(static item => item.ValueKind switch
        {
            JsonValueKind.String => item.AnyText(),
            JsonValueKind.Array => $"{item.GetArrayLength()} tokens",
            _ => throw new RefusedException(400, "Invalid type for 'prompt': expected strings or tokens.", "prompt", "invalid_type"),
        })];
    }

    private static IEnumerable<string> Chunks(string id, string model, List<string> texts, bool includesUsage)
    {
        for (var index = 0; index < texts.Count; index++)
        {
            foreach (var piece in ChatAnswer.Split(texts[index], model)) yield return Text(Document(id, model, [(piece, null)], index, null));
            yield return Text(Document(id, model, [("", "stop")], index, null));
        }

        if (includesUsage) yield return Text(Document(id, model, [], 0, texts));
    }

    private static string Text(byte[] json) => System.Text.Encoding.UTF8.GetString(json);

    /// <param name="usageOf">The texts whose words are counted; null leaves usage out.</param>
    private static byte[] Document(string id, string model, (string Text, string? FinishReason)[] choices, int firstIndex, List<string>? usageOf) => JsonBytes.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("object", "text_completion");
        json.WriteNumber("created", JsonBytes.Created);
        json.WriteString("model", model);
        json.WriteStartArray("choices");
        foreach (var (text, finishReason) in choices)
        {
            json.WriteStartObject();
            json.WriteString("text", text);
            json.WriteNumber("index", firstIndex++);
            json.WriteNull("logprobs");
            json.WriteString("finish_reason", finishReason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (usageOf is not null) JsonBytes.WriteUsage(json, "prompt_tokens", usageOf.Count, "completion_tokens", usageOf.Sum(static text => text.Split(' ').Length));
        json.WriteEndObject();
    });
}
