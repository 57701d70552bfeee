using System.Text.Json;

namespace Penstock.Simulator.OpenAi;

internal sealed record StoredBatch(string Id, string Endpoint, string InputFileId, string Window, string? OutputFileId, string Status)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteString("object", "batch");
        json.WriteString("endpoint", Endpoint);
        json.WriteNull("errors");
        json.WriteString("input_file_id", InputFileId);
        json.WriteString("completion_window", Window);
        json.WriteString("status", Status);
        json.WriteString("output_file_id", OutputFileId);
        json.WriteNull("error_file_id");
        json.WriteNumber("created_at", JsonBytes.Created);
        json.WriteEndObject();
    }
}
