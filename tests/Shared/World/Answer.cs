using System.Text.Json;

namespace Penstock.Tests.World;

/// <summary>An answer of the gateway, read to its end.</summary>
internal sealed record Answer(int Status, HttpResponseMessage Message, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string? Header(string name) => Message.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    /// <summary>Of an error, in the place where OpenAI's SDKs look.</summary>
    public string ErrorMessage => Json.GetProperty("error").GetProperty("message").GetString()!;

    /// <summary>The leaf that answered: <c>config.targets[1]</c>.</summary>
    public string? Leaf => Header("x-portkey-last-used-option-index");

    public string? Retries => Header("x-portkey-retry-attempt-count");

    /// <summary>The data of a stream's events.</summary>
    public IReadOnlyList<string> Events =>
        [.. Text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(block => block.Split('\n'))
            .Where(line => line.StartsWith("data:", StringComparison.Ordinal))
            .Select(line => line[5..].Trim())];

    /// <summary>What the model said in a stream.</summary>
    public string StreamedText => string.Concat(
        from data in Events
        where data.StartsWith('{')
        let chunk = JsonDocument.Parse(data).RootElement
        where chunk.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0
        let delta = chunk.GetProperty("choices")[0].GetProperty("delta")
        where delta.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
        select delta.GetProperty("content").GetString());

    /// <summary>What the model said in a document.</summary>
    public string SaidText => Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) =>
        new((int)response.StatusCode, response, await response.Content.ReadAsStringAsync(Patience.Token));
}
