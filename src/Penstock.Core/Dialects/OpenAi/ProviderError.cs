using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Penstock.Json;
using Penstock.Providers;

namespace Penstock.Dialects.OpenAi;

/// <summary>
/// Writes what a provider says about a failure in the one form that clients know. Takes any bytes and never throws:
/// an error about an error helps nobody.
/// </summary>
internal static class ProviderError
{
    /// <summary>Longest text that is taken over, in bytes.</summary>
    private const int MaxTextBytes = 64 << 10;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="contentType">As the provider states it; null if it does not.</param>
    public static byte[] Normalise(string provider, int status, string? contentType, ReadOnlyMemory<byte> body) =>
        Write(provider, Read(status, contentType, body));

    /// <summary>The event that ends a stream which broke: clients raise on it, so that it does not look finished.</summary>
    /// <remarks>Clients of the Responses and Messages APIs look for an event of that name, and the type in its data.</remarks>
    public static byte[] StreamEvent(Operation operation, string provider, string message, string? type, string? code)
    {
        var error = new ProviderErrorText(message, Quote(type), null, Quote(code));
        return operation is Operation.Responses or Operation.Messages
            ? [.. "event: error\ndata: "u8, .. Write(provider, error, isEvent: true), .. "\n\n"u8]
            : [.. "data: "u8, .. Write(provider, error), .. "\n\n"u8];
    }

    private static ProviderErrorText Read(int status, string? contentType, ReadOnlyMemory<byte> body)
    {
        if (contentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true) body = FirstData(body);
        if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
        var text = body.Span.Trim(" \t\r\n\0"u8);
        if (text.IsEmpty) return new ProviderErrorText($"HTTP {status} with an empty body", null, null, null);
        if (text[0] is (byte)'{' or (byte)'[' or (byte)'"')
        {
            try
            {
                using var document = JsonDocument.Parse(body);
                return ProviderErrorReader.Read(document.RootElement);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // Cut, too deep or not JSON after all: then it is text. The other exception is a lone surrogate in a name.
            }
        }

        return new ProviderErrorText(Text(text), null, null, null);
    }

    /// <summary>Some send their errors in the form of the stream that was asked for.</summary>
    private static ReadOnlyMemory<byte> FirstData(ReadOnlyMemory<byte> body)
    {
        byte[] whole = [.. body.Span, .. "\n\n"u8];
        foreach (var @event in new SseEvents(whole)) return @event.Data.ToArray();
        return body;
    }

    private static string Text(ReadOnlySpan<byte> text)
    {
        var end = Math.Min(text.Length, MaxTextBytes);
        while (end < text.Length && end > 0 && (text[end] & 0xC0) == 0x80) end--;   // not through a character
        return Encoding.UTF8.GetString(text[..end]);
    }

    private static byte[] Write(string provider, ProviderErrorText error, bool isEvent = false)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            if (isEvent)
            {
                json.WriteString("type"u8, "error"u8);
                WriteRaw(json, "code"u8, error.Code);
                WriteText(json, "message"u8, WithPrefix(provider, error.Message));
                json.WriteNull("param"u8);
            }

            json.WriteStartObject("error"u8);
            WriteText(json, "message"u8, WithPrefix(provider, error.Message));
            WriteRaw(json, "type"u8, error.Type);
            WriteRaw(json, "param"u8, error.Param);
            WriteRaw(json, "code"u8, error.Code);
            json.WriteEndObject();
            WriteText(json, "provider"u8, provider);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>A gateway behind a gateway has written it already.</summary>
    private static string WithPrefix(string provider, string message)
    {
        var prefix = provider + " error:";
        return message.StartsWith(prefix, StringComparison.Ordinal) ? message : $"{prefix} {message}";
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string text) =>
        json.WriteString(name, JsonEscapes.Valid(text));

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? raw)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(raw ?? "null", skipInputValidation: true);
    }

    private static string? Quote(string? text) =>
        text is null ? null : $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(JsonEscapes.Valid(text))}\"";
}
