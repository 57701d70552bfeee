using System.Text.Json;

namespace Penstock.Simulator.OpenAi;

/// <summary>Writes a value that fulfils a simple JSON Schema: types, properties, items, enum, const, anyOf, $ref to $defs.</summary>
internal static class SchemaSample
{
    private const int MaxDepth = 32;

    /// <param name="text">What strings say that are free to say anything.</param>
    public static string Write(JsonElement schema, string text) => JsonBytes.Text(json => Write(json, schema, schema, text, 0));

    private static void Write(Utf8JsonWriter json, JsonElement schema, JsonElement root, string text, int depth)
    {
        schema = Follow(schema, root);
        if (depth > MaxDepth)
        {
            json.WriteNullValue();
            return;
        }

        if (schema.Find("const") is { } constant) constant.WriteTo(json);
        else if (schema.Items("enum").FirstOrDefault() is { ValueKind: not JsonValueKind.Undefined } first) first.WriteTo(json);
        else if (schema.Items("anyOf").FirstOrDefault() is { ValueKind: not JsonValueKind.Undefined } option) Write(json, option, root, text, depth + 1);
        else WriteTyped(json, schema, root, text, depth);
    }

    private static void WriteTyped(Utf8JsonWriter json, JsonElement schema, JsonElement root, string text, int depth)
    {
        switch (TypeOf(schema))
        {
            case "object":
                json.WriteStartObject();
                foreach (var property in schema.Find("properties")?.EnumerateObject() ?? default)
                {
                    json.WritePropertyName(property.Name);
                    Write(json, property.Value, root, text, depth + 1);
                }

                json.WriteEndObject();
                break;
            case "array":
                json.WriteStartArray();
                var count = schema.FindInteger("minItems") ?? 1;
                for (var index = 0; index < count && schema.Find("items") is not null; index++) Write(json, schema.Find("items")!.Value, root, text, depth + 1);
                json.WriteEndArray();
                break;
            case "integer" or "number":
                json.WriteNumberValue(schema.FindInteger("minimum") ?? 7);
                break;
            case "boolean":
                json.WriteBooleanValue(true);
                break;
            case "null":
                json.WriteNullValue();
                break;
            default:
                json.WriteStringValue(text);
                break;
        }
    }

    private static string? TypeOf(JsonElement schema)
    {
        if (schema.FindText("type") is { } type) return type;
        var several = schema.Items("type").FirstOrDefault();
        if (several.ValueKind == JsonValueKind.String) return several.GetString();
        return schema.Find("properties") is null ? "string" : "object";
    }

    private static JsonElement Follow(JsonElement schema, JsonElement root)
    {
        for (var steps = 0; steps < MaxDepth && schema.FindText("$ref") is { } reference; steps++)
        {
            var target = root;
            foreach (var name in reference.Split('/').Skip(1)) target = target.Find(name) ?? root;
            schema = target;
        }

        return schema;
    }
}
