using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Penstock.Json;

namespace Penstock.Dialects.OpenAi;

/// <param name="Message">What the provider says.</param>
/// <param name="Type">Raw JSON of a scalar, or null; likewise <paramref name="Param"/> and <paramref name="Code"/>.</param>
internal sealed record ProviderErrorText(string Message, string? Type, string? Param, string? Code);

/// <summary>
/// Knows the forms in which providers put their errors: an object or a text as <c>error</c>, the members at the root,
/// <c>detail</c> as text or as a list with places, <c>errors</c>, <c>fault</c>, and lists that hold one of these.
/// </summary>
internal static class ProviderErrorReader
{
    /// <summary>Where providers put the text, best first.</summary>
    private static readonly string[] TextMembers =
        ["message", "Message", "error_message", "faultstring", "detail", "details", "msg", "error_description", "errors", "error", "title"];

    public static ProviderErrorText Read(JsonElement root)
    {
        switch (root.ValueKind)
        {
            case JsonValueKind.Array when root.GetArrayLength() > 0:
                return Read(root[0]);
            case JsonValueKind.Object:
                if (Find(root, "error") is { ValueKind: JsonValueKind.Object } error) return Describe(error, root);
                if (Find(root, "fault") is { ValueKind: JsonValueKind.Object } fault) return Describe(fault, root);
                if (Find(root, "errors") is { ValueKind: JsonValueKind.Array } errors && FirstObject(errors) is { } first && Find(root, "message") is null)
                {
                    return Describe(first, root) with { Message = Text(errors) };
                }

                return Describe(root, root);
            default:
                return new ProviderErrorText(Text(root), null, null, null);
        }
    }

    /// <param name="error">What holds the text.</param>
    /// <param name="root">Where the rest may be, if it is not beside the text.</param>
    private static ProviderErrorText Describe(JsonElement error, JsonElement root) => new(
        Text(error),
        Scalar(error, "type") ?? Scalar(root, "type"),
        Scalar(error, "param") ?? Scalar(root, "param"),
        Scalar(error, "code") ?? Scalar(root, "code"));

    private static string Text(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return JsonEscapes.Text(JsonMarshal.GetRawUtf8Value(element)[1..^1]);
            case JsonValueKind.Array when element.GetArrayLength() > 0:
                var texts = new List<string>();
                foreach (var item in element.EnumerateArray()) texts.Add(TextWithPlace(item));
                return string.Join("; ", texts);
            case JsonValueKind.Object:
                foreach (var name in TextMembers)
                {
                    if (Find(element, name) is { } member && IsFilled(member)) return Text(member);
                }

                break;
        }

        return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(element));
    }

    /// <summary>Validation errors say where: <c>{"loc": ["body", "messages", 0], "msg": …}</c>.</summary>
    private static string TextWithPlace(JsonElement item)
    {
        var text = Text(item);
        if (item.ValueKind != JsonValueKind.Object || Find(item, "loc") is not { ValueKind: JsonValueKind.Array } place) return text;
        var path = string.Join('.', place.EnumerateArray().Select(Text));
        return path.Length == 0 ? text : $"{path}: {text}";
    }

    private static JsonElement? FirstObject(JsonElement array)
    {
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object) return item;
        }

        return null;
    }

    private static JsonElement? Find(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    private static bool IsFilled(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => JsonMarshal.GetRawUtf8Value(element).Length > 2,
        JsonValueKind.Array => element.GetArrayLength() > 0,
        JsonValueKind.Object => element.GetPropertyCount() > 0,
        _ => false,
    };

    private static string? Scalar(JsonElement owner, string name)
    {
        if (Find(owner, name) is not { } member) return null;
        return member.ValueKind switch
        {
            JsonValueKind.String => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(JsonEscapes.Valid(Text(member)))}\"",
            JsonValueKind.Object or JsonValueKind.Array => null,
            _ => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(member)),
        };
    }
}
