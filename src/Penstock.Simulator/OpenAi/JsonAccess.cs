using System.Text.Json;

namespace Penstock.Simulator.OpenAi;

/// <summary>Reads members that may be absent, null or of another kind.</summary>
internal static class JsonAccess
{
    /// <returns>Null when it is absent or null.</returns>
    public static JsonElement? Find(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? FindText(this JsonElement parent, string name) =>
        parent.Find(name) is { ValueKind: JsonValueKind.String } value ? value.AnyText() : null;

    public static int? FindInteger(this JsonElement parent, string name) =>
        parent.Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) ? (int)number : null;

    public static bool IsTrue(this JsonElement parent, string name) => parent.Find(name) is { ValueKind: JsonValueKind.True };

    public static IEnumerable<JsonElement> Items(this JsonElement parent, string name) =>
        parent.Find(name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    /// <summary>The text; a lone surrogate, which is legal JSON and no legal text, stays as its escape.</summary>
    public static string AnyText(this JsonElement value)
    {
        try
        {
            return value.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText()[1..^1];
        }
    }
}
