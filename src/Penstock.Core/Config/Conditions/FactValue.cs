using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Penstock.Json;

namespace Penstock.Config.Conditions;

/// <summary>
/// What a condition looks at. JSON is read from its bytes as they are: the framework's own comparisons throw on a lone
/// surrogate, and any caller can send one.
/// </summary>
internal readonly ref struct FactValue
{
    private readonly ReadOnlySpan<byte> _raw;
    private readonly string? _text;

    /// <param name="text">A header or a path; null: missing.</param>
    public FactValue(string? text)
    {
        _text = text;
        Kind = text is null ? JsonValueKind.Undefined : JsonValueKind.String;
    }

    public FactValue(JsonElement element)
    {
        Kind = element.ValueKind;
        if (Kind is JsonValueKind.String or JsonValueKind.Number) _raw = JsonMarshal.GetRawUtf8Value(element);
    }

    /// <summary>Undefined: the fact is missing.</summary>
    public JsonValueKind Kind { get; }

    /// <summary>What it costs to take the whole value in, in steps of a <see cref="WorkBudget"/>.</summary>
    public int Steps => 1 + ((_raw.Length + (_text?.Length ?? 0)) >> 6);

    /// <summary>The spelling of a number.</summary>
    public ReadOnlySpan<byte> Number => Kind == JsonValueKind.Number ? _raw : default;

    /// <summary>Whether this is a string of exactly that text, given in both forms. Allocates nothing.</summary>
    public bool IsText(string text, ReadOnlySpan<byte> utf8)
    {
        if (Kind != JsonValueKind.String) return false;
        return _text is not null ? _text == text : JsonEscapes.Means(_raw[1..^1], utf8);
    }

    /// <summary>The text of a string, number or boolean; null for anything else.</summary>
    public string? ToText() => Kind switch
    {
        JsonValueKind.String => _text ?? JsonEscapes.Text(_raw[1..^1]),
        JsonValueKind.Number => Encoding.ASCII.GetString(_raw),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    /// <summary>The number that this is, or that its text begins with (<c>12abc</c> is 12); NaN when there is none.</summary>
    public double ToNumber() => Kind switch
    {
        JsonValueKind.Number => NumberPrefix.Parse(_raw),
        JsonValueKind.String when _text is null && !_raw.Contains((byte)'\\') => NumberPrefix.Parse(_raw[1..^1]),
        JsonValueKind.String => NumberPrefix.Parse(Encoding.UTF8.GetBytes(ToText()!)),
        _ => double.NaN,
    };
}
