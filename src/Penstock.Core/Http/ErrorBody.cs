using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Penstock.Pipeline;

namespace Penstock.Http;

/// <summary>
/// Writes an error of ours. It carries both shapes that SDKs read: the Portkey one (<c>status</c>, <c>message</c>,
/// <c>errors</c>) and the OpenAI one (<c>error</c>).
/// </summary>
internal static class ErrorBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(GatewayError error)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();

            // The reference's time-out answer has the second shape alone, and clients compare it whole.
            if (error.Status != 408)
            {
                json.WriteString("status"u8, "failure"u8);
                json.WriteString("message"u8, error.Message);
            }

            json.WriteStartObject("error"u8);
            json.WriteString("message"u8, error.Message);
            json.WriteString("type"u8, error.Type);
            json.WriteString("param"u8, error.Param);
            json.WriteString("code"u8, error.Code);
            json.WriteEndObject();
            if (error.Details is { } details)
            {
                json.WriteStartArray("errors"u8);
                foreach (var detail in details) json.WriteStringValue(detail);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
