using System.Text.Json;

namespace Penstock.Simulator.OpenAi;

/// <summary><c>POST /moderations</c>: flags every text that contains "kill".</summary>
internal static class ModerationEndpoint
{
    public static HttpReply Answer(Call call)
    {
        var body = call.ReadObject();
        Parameters.Check(body, Parameters.Moderation);
        if (body.Find("input") is not { } input) throw new RefusedException(400, "Missing required parameter: 'input'.", "input", "missing_required_parameter");
        var texts = input.ValueKind == JsonValueKind.String ? [input.AnyText()] : input.EnumerateArray().Select(static item => item.ValueKind == JsonValueKind.String ? item.AnyText() : item.FindText("text") ?? "").ToList();
        return Reply.Json(JsonBytes.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("id", "modr-sim");
            json.WriteString("model", body.FindText("model") ?? "omni-moderation-latest");
            json.WriteStartArray("results");
            foreach (var text in texts) WriteResult(json, text.Contains("kill", StringComparison.OrdinalIgnoreCase));
            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }

    private static void WriteResult(Utf8JsonWriter json, bool isFlagged)
    {
        json.WriteStartObject();
        json.WriteBoolean("flagged", isFlagged);
        json.WriteStartObject("categories");
        json.WriteBoolean("violence", isFlagged);
        json.WriteEndObject();
        json.WriteStartObject("category_scores");
        json.WriteNumber("violence", isFlagged ? 0.9 : 0.1);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
