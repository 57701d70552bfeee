using System.Text.Json;

namespace Penstock.Simulator.OpenAi;

/// <summary><c>GET /models</c> and <c>/models/ID</c>.</summary>
internal static class ModelEndpoint
{
    private static readonly string[] Standard = ["gpt-4o", "gpt-4o-mini", "text-embedding-3-small"];

    /// <param name="id">Empty for the list; may hold slashes, as it may be escaped or not.</param>
    public static HttpReply Answer(Call call, string id)
    {
        if (id.Length > 0) return Reply.Json(JsonBytes.Write(json => WriteModel(json, call.Known(Uri.UnescapeDataString(id)))));
        return Reply.Json(JsonBytes.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var model in call.Options.Models ?? Standard) WriteModel(json, model);
            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }

    private static void WriteModel(Utf8JsonWriter json, string model)
    {
        json.WriteStartObject();
        json.WriteString("id", model);
        json.WriteString("object", "model");
        json.WriteNumber("created", JsonBytes.Created);
        json.WriteString("owned_by", "sim");
        json.WriteEndObject();
    }
}
