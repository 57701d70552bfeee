using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Penstock.Json;
using Penstock.Pipeline;

namespace Penstock.Http;

/// <summary>
/// Writes an error of ours. It carries both shapes that SDKs read: the Portkey one (<c>status</c>, <c>message</c>,
/// <c>errors</c>) and the OpenAI one (<c>error</c>); on Anthropic's routes also the <c>type</c> that those clients look for.
/// </summary>
internal static class ErrorBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="isAnthropics">Whether the route is one of Anthropic's.</param>
    public static byte[] Write(GatewayError error, bool isAnthropics)
    {
        var message = JsonEscapes.Valid(error.Message);
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            if (isAnthropics) json.WriteString("type"u8, "error"u8);

            // The reference's time-out answer has the second shape alone, and clients compare it whole.
            if (error.Status != 408)
            {
                json.WriteString("status"u8, "failure"u8);
                json.WriteString("message"u8, message);
            }

            json.WriteStartObject("error"u8);
            json.WriteString("message"u8, message);
            json.WriteString("type"u8, error.Type);
            json.WriteString("param"u8, error.Param);
            json.WriteString("code"u8, error.Code);
            json.WriteEndObject();
            if (error.Details is { } details)
            {
                json.WriteStartArray("errors"u8);
                foreach (var detail in details) json.WriteStringValue(JsonEscapes.Valid(detail));
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
