using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Penstock.Simulator.OpenAi;

/// <summary>Writes one JSON document.</summary>
internal static class JsonBytes
{
    /// <summary>2023-11-14: every answer was created in the same second, so that answers can be compared.</summary>
    public const long Created = 1_700_000_000;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Relaxed)) write(json);
        return buffer.WrittenSpan.ToArray();
    }

    public static string Text(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(Write(write));

    /// <summary>A list as the API gives it, all on one page.</summary>
    public static byte[] List<T>(IEnumerable<T> items, Action<T, Utf8JsonWriter> writeItem) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var item in items) writeItem(item, json);
        json.WriteEndArray();
        json.WriteBoolean("has_more", false);
        json.WriteEndObject();
    });

    /// <param name="outName">Null where there is no output to count.</param>
    public static void WriteUsage(Utf8JsonWriter json, string inName, int inTokens, string? outName, int outTokens)
    {
        json.WriteStartObject("usage");
        json.WriteNumber(inName, inTokens);
        if (outName is not null) json.WriteNumber(outName, outTokens);
        json.WriteNumber("total_tokens", inTokens + outTokens);
        json.WriteEndObject();
    }
}
