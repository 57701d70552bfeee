using System.Text.Json;

namespace Penstock.Simulator.OpenAi;

internal sealed record StoredFile(string Id, string Name, string Purpose, ReadOnlyMemory<byte> Content)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteString("object", "file");
        json.WriteNumber("bytes", Content.Length);
        json.WriteNumber("created_at", JsonBytes.Created);
        json.WriteString("filename", Name);
        json.WriteString("purpose", Purpose);
        json.WriteString("status", "processed");
        json.WriteEndObject();
    }
}
