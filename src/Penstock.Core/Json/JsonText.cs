using System.Text;
using System.Text.Json;

namespace Penstock.Json;

/// <summary>
/// A JSON document that a person wrote: comments and trailing commas are allowed, and every part knows where it
/// stands, so that a fault can be reported with its line and column. For configs and <c>penstock.json</c>; request
/// bodies never pass through here.
/// </summary>
internal sealed class JsonText
{
    /// <summary>Deepest nesting that is read.</summary>
    public const int MaxDepth = 64;

    private readonly ReadOnlyMemory<byte> _utf8;

    private JsonText(ReadOnlyMemory<byte> utf8, JsonPart root)
    {
        _utf8 = utf8;
        Root = root;
    }

    public JsonPart Root { get; }

    /// <exception cref="JsonTextException">The text is not JSON, or an object names a member twice.</exception>
    public static JsonText Parse(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            MaxDepth = MaxDepth,
        });
        try
        {
            if (!reader.Read()) throw new JsonTextException("The document is empty.", 1, 1);
            var root = ReadPart(ref reader, utf8);
            if (reader.Read()) throw At(utf8, (int)reader.TokenStartIndex, "Nothing may follow the document.");
            return new JsonText(utf8, root);
        }
        catch (JsonException e)
        {
            // The reader counts lines and bytes from zero.
            throw new JsonTextException(ReaderMessage.Of(e), (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1);
        }
        catch (InvalidOperationException)
        {
            throw At(utf8, (int)reader.TokenStartIndex, "The text holds bytes or escapes that are not valid Unicode.");
        }
    }

    /// <exception cref="JsonTextException">As <see cref="Parse(ReadOnlyMemory{byte})"/>.</exception>
    public static JsonText Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    /// <summary>Line and column of a part, both from 1; the column counts bytes.</summary>
    public (int Line, int Column) Locate(JsonPart part) => Locate(_utf8, part.Offset);

    private static JsonPart ReadPart(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8)
    {
        var offset = (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new List<KeyValuePair<string, JsonPart>>();
                var names = new HashSet<string>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var nameOffset = (int)reader.TokenStartIndex;
                    var name = reader.GetString()!;
                    if (!names.Add(name)) throw At(utf8, nameOffset, $"The member '{ShortText.Of(name)}' is there twice. Give it once.");
                    reader.Read();
                    members.Add(new(name, ReadPart(ref reader, utf8)));
                }

                return new JsonPart(JsonValueKind.Object, offset, members: members);
            case JsonTokenType.StartArray:
                var items = new List<JsonPart>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(ReadPart(ref reader, utf8));
                return new JsonPart(JsonValueKind.Array, offset, items: items);
            case JsonTokenType.String:
                return new JsonPart(JsonValueKind.String, offset, reader.GetString());
            case JsonTokenType.Number:
                return new JsonPart(JsonValueKind.Number, offset, Encoding.UTF8.GetString(reader.ValueSpan));
            case JsonTokenType.True:
                return new JsonPart(JsonValueKind.True, offset);
            case JsonTokenType.False:
                return new JsonPart(JsonValueKind.False, offset);
            default:
                return new JsonPart(JsonValueKind.Null, offset);
        }
    }

    private static JsonTextException At(ReadOnlyMemory<byte> utf8, int offset, string message)
    {
        var (line, column) = Locate(utf8, offset);
        return new JsonTextException(message, line, column);
    }

    private static (int Line, int Column) Locate(ReadOnlyMemory<byte> utf8, int offset)
    {
        var before = utf8.Span[..offset];
        return (before.Count((byte)'\n') + 1, offset - before.LastIndexOf((byte)'\n'));
    }
}
