using System.Security.Cryptography;

namespace Penstock.Simulator.OpenAi;

/// <summary>Any method on <c>/echo…</c>: a description of what arrived, for tests of what passes a proxy.</summary>
internal static class EchoEndpoint
{
    /// <summary>Larger bodies are told by their hash alone.</summary>
    private const int MaxEchoedBytes = 64 * 1024;

    public static HttpReply Answer(ReceivedRequest request) => Reply.Json(JsonBytes.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("method", request.Method);
        json.WriteString("target", request.RawTarget);
        json.WriteStartArray("headers");
        foreach (var (name, value) in request.Headers)
        {
            json.WriteStartArray();
            json.WriteStringValue(name);
            json.WriteStringValue(value);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteNumber("body_bytes", request.Body.Length);
        json.WriteString("body_sha256", Convert.ToHexStringLower(SHA256.HashData(request.Body.Span)));
        if (request.Body.Length <= MaxEchoedBytes) json.WriteBase64String("body_base64", request.Body.Span);
        json.WriteEndObject();
    }));
}
