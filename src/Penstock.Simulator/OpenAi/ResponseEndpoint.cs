using System.Globalization;
using System.Text.Json;

namespace Penstock.Simulator.OpenAi;

/// <summary><c>POST /responses</c>: text in, text out, whole or as named events with sequence numbers.</summary>
internal static class ResponseEndpoint
{
    public static HttpReply Answer(Call call)
    {
        var body = call.ReadObject();
        var model = call.Model(body);
        Parameters.Check(body, Parameters.Response);
        if (body.Find("input") is not { } input) throw new RefusedException(400, "Missing required parameter: 'input'.", "input", "missing_required_parameter");
        var id = string.Create(CultureInfo.InvariantCulture, $"resp_sim{call.Request.Number}");
        var pieces = ChatAnswer.Split($"You said: {LastText(input)}", model);
        if (!body.IsTrue("stream")) return Reply.Json(JsonBytes.Write(json => WriteResponse(json, id, model, "completed", pieces)));
        var stream = Reply.Sse().WithoutDone();
        return stream with { Events = [.. Events(id, model, pieces)] };
    }

    private static string LastText(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.String) return input.AnyText();
        var users = input.EnumerateArray().Where(static item => item.FindText("role") == "user").ToList();
        return users.Count == 0 ? "" : ChatAnswer.TextOf(users[^1]);
    }

    private static IEnumerable<SseEvent> Events(string id, string model, List<string> pieces)
    {
        var number = 0;
        yield return Event("response.created", number++, json => WriteMember(json, id, model, "in_progress", null));
        yield return Event("response.in_progress", number++, json => WriteMember(json, id, model, "in_progress", null));
        yield return Event("response.output_item.added", number++, static json => WriteItem(json, "in_progress", null));
        yield return Event("response.content_part.added", number++, static json => WritePart(json, ""));
        foreach (var piece in pieces)
        {
            yield return Event("response.output_text.delta", number++, json =>
            {
                WriteItemId(json);
                json.WriteString("delta", piece);
            });
        }

        yield return Event("response.output_text.done", number++, json =>
        {
            WriteItemId(json);
            json.WriteString("text", string.Concat(pieces));
        });
        yield return Event("response.content_part.done", number++, json => WritePart(json, string.Concat(pieces)));
        yield return Event("response.output_item.done", number++, json => WriteItem(json, "completed", pieces));
        yield return Event("response.completed", number, json => WriteMember(json, id, model, "completed", pieces));
    }

    private static SseEvent Event(string name, int number, Action<Utf8JsonWriter> write) => new(
        JsonBytes.Text(json =>
        {
            json.WriteStartObject();
            json.WriteString("type", name);
            json.WriteNumber("sequence_number", number);
            write(json);
            json.WriteEndObject();
        }),
        name);

    private static void WriteItemId(Utf8JsonWriter json)
    {
        json.WriteString("item_id", "msg_sim");
        json.WriteNumber("output_index", 0);
        json.WriteNumber("content_index", 0);
    }

    private static void WritePart(Utf8JsonWriter json, string text)
    {
        WriteItemId(json);
        json.WritePropertyName("part");
        WriteText(json, text);
    }

    private static void WriteItem(Utf8JsonWriter json, string status, List<string>? pieces)
    {
        json.WriteNumber("output_index", 0);
        json.WritePropertyName("item");
        WriteMessage(json, status, pieces);
    }

    private static void WriteMember(Utf8JsonWriter json, string id, string model, string status, List<string>? pieces)
    {
        json.WritePropertyName("response");
        WriteResponse(json, id, model, status, pieces);
    }

    private static void WriteResponse(Utf8JsonWriter json, string id, string model, string status, List<string>? pieces)
    {
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("object", "response");
        json.WriteNumber("created_at", JsonBytes.Created);
        json.WriteString("status", status);
        json.WriteNull("error");
        json.WriteNull("incomplete_details");
        json.WriteString("model", model);
        json.WriteStartArray("output");
        if (pieces is not null) WriteMessage(json, status, pieces);
        json.WriteEndArray();
        json.WriteBoolean("parallel_tool_calls", true);
        json.WriteString("tool_choice", "auto");
        json.WriteStartArray("tools");
        json.WriteEndArray();
        if (pieces is null) json.WriteNull("usage");
        else JsonBytes.WriteUsage(json, "input_tokens", 8, "output_tokens", pieces.Count);
        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, string status, List<string>? pieces)
    {
        json.WriteStartObject();
        json.WriteString("id", "msg_sim");
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("status", status);
        json.WriteStartArray("content");
        if (pieces is not null) WriteText(json, string.Concat(pieces));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "output_text");
        json.WriteString("text", text);
        json.WriteStartArray("annotations");
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
