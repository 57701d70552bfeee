using System.Globalization;
using System.Text.Json;

namespace Penstock.Json;

/// <summary>One value of a <see cref="JsonText"/>: what it is and where it stands.</summary>
internal sealed class JsonPart
{
    private readonly string? _text;
    private readonly List<KeyValuePair<string, JsonPart>>? _members;
    private readonly List<JsonPart>? _items;

    public JsonPart(
        JsonValueKind kind,
        int offset,
        string? text = null,
        List<KeyValuePair<string, JsonPart>>? members = null,
        List<JsonPart>? items = null)
    {
        Kind = kind;
        Offset = offset;
        _text = text;
        _members = members;
        _items = items;
    }

    public JsonValueKind Kind { get; }

    /// <summary>Bytes from the start of the document.</summary>
    public int Offset { get; }

    /// <summary>The text of a string, unescaped; the spelling of a number; otherwise null.</summary>
    public string? Text => _text;

    /// <summary>The members of an object in their order; empty for any other kind.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonPart>> Members => _members ?? [];

    /// <summary>The items of an array; empty for any other kind.</summary>
    public IReadOnlyList<JsonPart> Items => _items ?? [];

    public bool IsNull => Kind == JsonValueKind.Null;

    /// <summary>The member of that name, or null.</summary>
    public JsonPart? this[string name]
    {
        get
        {
            foreach (var (key, value) in Members)
            {
                if (key == name) return value;
            }

            return null;
        }
    }

    /// <summary>The number, if this is one that a double can hold.</summary>
    public bool TryGetNumber(out double number)
    {
        number = 0;
        return Kind == JsonValueKind.Number
            && double.TryParse(_text, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);
    }

    /// <summary>This value as strict JSON: no comments, number spellings and member order as written.</summary>
    public byte[] ToUtf8()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            WriteTo(json);
        }

        return buffer.ToArray();
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        switch (Kind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var (name, value) in Members)
                {
                    json.WritePropertyName(name);
                    value.WriteTo(json);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in Items) item.WriteTo(json);
                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(_text);
                break;
            case JsonValueKind.Number:
                json.WriteRawValue(_text!, skipInputValidation: true);
                break;
            default:
                json.WriteRawValue(Kind switch { JsonValueKind.True => "true"u8, JsonValueKind.False => "false"u8, _ => "null"u8 }, skipInputValidation: true);
                break;
        }
    }
}
