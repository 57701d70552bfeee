using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Penstock.Simulator.OpenAi;

/// <summary><c>POST /embeddings</c>: the same text always has the same vector of length 1.</summary>
internal static class EmbeddingEndpoint
{
    private const int DefaultDimensions = 1536;

    public static HttpReply Answer(Call call)
    {
        var body = call.ReadObject();
        var model = call.Model(body);
        Parameters.Check(body, Parameters.Embedding);
        var inputs = Inputs(body);
        var dimensions = body.FindInteger("dimensions") ?? DefaultDimensions;
        var format = body.FindText("encoding_format") ?? "float";
        if (format is not ("float" or "base64")) throw new RefusedException(400, $"Invalid value: '{format}'. Supported values are: 'float' and 'base64'.", "encoding_format", "invalid_value");
        return Reply.Json(JsonBytes.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            for (var index = 0; index < inputs.Count; index++) WriteVector(json, index, Vector(inputs[index], dimensions), format == "base64");
            json.WriteEndArray();
            json.WriteString("model", model);
            JsonBytes.WriteUsage(json, "prompt_tokens", inputs.Sum(static input => (input.Length + 3) / 4), null, 0);
            json.WriteEndObject();
        }));
    }

    private static List<string> Inputs(JsonElement body)
    {
        if (body.Find("input") is not { } input) throw new RefusedException(400, "Missing required parameter: 'input'.", "input", "missing_required_parameter");
        if (input.ValueKind == JsonValueKind.String) return input.GetRawText().Length > 2 ? [input.AnyText()] : throw Wrong("an empty string");
        if (input.GetArrayLength() is 0 or > 2048) throw Wrong($"an array of {input.GetArrayLength()}");
        if (input.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.Number)) return [input.GetRawText()];
        return [.. input.EnumerateArray().Select(static item => item.ValueKind switch
        {
            JsonValueKind.String => item.AnyText(),
            JsonValueKind.Array when item.EnumerateArray().All(static token => token.ValueKind == JsonValueKind.Number) => item.GetRawText(),
            _ => throw Wrong(Parameter.Describe(item)),
        })];
    }

    private static RefusedException Wrong(string what) =>
        new(400, $"Invalid 'input': expected a string, an array of 1 to 2048 strings, or tokens, but got {what}.", "input", "invalid_type");

    private static float[] Vector(string text, int dimensions)
    {
        // FNV-1a: string.GetHashCode differs from run to run.
        var hash = 2166136261u;
        foreach (var value in Encoding.UTF8.GetBytes(text)) hash = (hash ^ value) * 16777619u;
        var vector = new float[dimensions];
        for (var index = 0; index < dimensions; index++) vector[index] = MathF.Sin((hash % 10_007) + (index * 0.7f));
        var length = MathF.Sqrt(vector.Sum(static value => value * value));
        for (var index = 0; index < dimensions; index++) vector[index] /= length;
        return vector;
    }

    private static void WriteVector(Utf8JsonWriter json, int index, float[] vector, bool asBase64)
    {
        json.WriteStartObject();
        json.WriteString("object", "embedding");
        json.WriteNumber("index", index);
        if (asBase64)
        {
            json.WriteBase64String("embedding", MemoryMarshal.AsBytes<float>(vector));
        }
        else
        {
            json.WriteStartArray("embedding");
            foreach (var value in vector) json.WriteNumberValue(value);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
