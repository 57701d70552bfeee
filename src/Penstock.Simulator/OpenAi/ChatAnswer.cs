using System.Globalization;
using System.Text.Json;

namespace Penstock.Simulator.OpenAi;

/// <summary>What the simulated model says: the same for the same request, every time.</summary>
internal sealed record ChatAnswer
{
    /// <summary>The text in the pieces in which it is streamed; a piece counts as a token.</summary>
    public IReadOnlyList<string> Pieces { get; private init; } = [];

    public IReadOnlyList<string> Reasoning { get; private init; } = [];

    /// <summary>The member in which reasoning comes.</summary>
    public string ReasoningMember { get; init; } = "reasoning_content";

    public IReadOnlyList<ToolCall> ToolCalls { get; private init; } = [];

    public required string FinishReason { get; init; }

    public required string Model { get; init; }

    public required string Id { get; init; }

    /// <summary>How many choices.</summary>
    public int Count { get; private init; } = 1;

    public bool HasLogprobs { get; private init; }

    public bool IncludesUsage { get; init; }

    public int PromptTokens { get; private init; }

    public int ReasoningTokens => Reasoning.Count * Count;

    public int CompletionTokens => (Pieces.Count + ToolCalls.Sum(static call => call.Arguments.Length / 4 + 1)) * Count + ReasoningTokens;

    public static ChatAnswer To(JsonElement body, string model, long number)
    {
        var last = body.Items("messages").Last();
        var calls = Calls(body, last);
        var pieces = calls.Count > 0 ? [] : Split(Text(body, last, model), model);
        var limit = body.FindInteger("max_completion_tokens") ?? body.FindInteger("max_tokens") ?? int.MaxValue;
        return new ChatAnswer
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"chatcmpl-sim{number}"),
            Model = model,
            Pieces = pieces.Count > limit ? [.. pieces.Take(limit)] : pieces,
            Reasoning = model.StartsWith("reason-", StringComparison.Ordinal) ? ["Let me ", "think."] : [],
            ToolCalls = calls,
            FinishReason = calls.Count > 0 ? "tool_calls" : pieces.Count > limit ? "length" : "stop",
            Count = body.FindInteger("n") ?? 1,
            HasLogprobs = body.IsTrue("logprobs"),
            IncludesUsage = body.Find("stream_options") is { } options && options.IsTrue("include_usage"),
            PromptTokens = (body.Find("messages")!.Value.GetRawText().Length + 3) / 4,
        };
    }

    /// <summary>A plain answer that depends on no request.</summary>
    public static ChatAnswer Of(string model, string text) => new()
    {
        Id = "chatcmpl-sim",
        Model = model,
        Pieces = Split(text, model),
        FinishReason = "stop",
        PromptTokens = 8,
    };

    /// <summary>The text of a message, its text parts joined.</summary>
    public static string TextOf(JsonElement message)
    {
        if (message.Find("content") is not { } content) return "";
        return content.ValueKind == JsonValueKind.String ? content.AnyText() : string.Concat(message.Items("content").Select(static part => part.FindText("text")));
    }

    /// <summary>Words with the space ahead of them, as tokens are; large answers in pieces of 4 KB.</summary>
    public static List<string> Split(string text, string model)
    {
        if (ModelNumber(model, "large-") is not null) return [.. text.Chunk(4096).Select(static piece => new string(piece))];
        var pieces = new List<string>();
        var start = 0;
        for (var index = 1; index < text.Length; index++)
        {
            if (text[index] != ' ') continue;
            pieces.Add(text[start..index]);
            start = index;
        }

        if (start < text.Length) pieces.Add(text[start..]);
        return pieces;
    }

    private static string Text(JsonElement body, JsonElement last, string model)
    {
        if (ModelNumber(model, "large-") is { } length) return new string('x', length);
        if (ModelNumber(model, "chunks-") is { } count) return string.Concat(Enumerable.Repeat("word ", count));
        var said = last.FindText("role") == "tool" ? $"The tool said: {TextOf(last)}" : $"You said: {LastUserText(body)}";
        if (body.Find("response_format") is not { } format) return said;
        return format.FindText("type") switch
        {
            "json_schema" => SchemaSample.Write(format.Find("json_schema")!.Value.Find("schema")!.Value, said),
            "json_object" => $$"""{"answer":{{ErrorBodies.Quoted(said)}}}""",
            _ => said,
        };
    }

    private static string LastUserText(JsonElement body)
    {
        var users = body.Items("messages").Where(static message => message.FindText("role") == "user").ToList();
        return users.Count == 0 ? "" : TextOf(users[^1]);
    }

    private static List<ToolCall> Calls(JsonElement body, JsonElement last)
    {
        var tools = body.Items("tools").Select(static tool => tool.Find("function")!.Value).ToList();
        if (tools.Count == 0 || body.FindText("tool_choice") == "none") return [];
        var text = TextOf(last);
        var chosen = body.Find("tool_choice") is { ValueKind: JsonValueKind.Object } choice ? choice.Find("function")?.FindText("name") : null;
        var isAsked = last.FindText("role") == "user" && text.Contains("use the tool", StringComparison.OrdinalIgnoreCase);
        if (!isAsked && chosen is null && body.FindText("tool_choice") is not ("required" or "any")) return [];

        var wanted = text.Contains("use the tools", StringComparison.OrdinalIgnoreCase) ? tools : [tools.Find(tool => tool.FindText("name") == chosen) is { ValueKind: JsonValueKind.Object } named ? named : tools[0]];
        return [.. wanted.Select((tool, index) => new ToolCall(
            string.Create(CultureInfo.InvariantCulture, $"call_sim{index}"),
            tool.FindText("name")!,
            tool.Find("parameters") is { } schema ? SchemaSample.Write(schema, "value") : "{}"))];
    }

    private static int? ModelNumber(string model, string prefix) =>
        model.StartsWith(prefix, StringComparison.Ordinal) && int.TryParse(model.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
