using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Penstock.Json;

namespace Penstock.Config.Conditions;

/// <summary>A string, number, boolean or null of a config, to compare facts with: type and value must be equal.</summary>
internal sealed class Literal
{
    private readonly JsonValueKind _kind;
    private readonly string _text;
    private readonly byte[] _utf8;

    private Literal(JsonPart part)
    {
        _kind = part.Kind;
        _text = part.Text ?? "";
        _utf8 = Encoding.UTF8.GetBytes(_text);
    }

    /// <returns>Null when the part is an object or array.</returns>
    public static Literal? Read(JsonPart part) => part.Kind is JsonValueKind.Object or JsonValueKind.Array ? null : new Literal(part);

    public bool IsEqual(in FactValue value) => _kind switch
    {
        JsonValueKind.String => value.IsText(_text, _utf8),
        JsonValueKind.Number => value.Kind == JsonValueKind.Number && IsSameNumber(value.Number, _utf8),
        _ => value.Kind == _kind,
    };

    /// <summary>1, 1.0 and 1e0 are one number; whole numbers of 64 bits are told apart where a double could not.</summary>
    private static bool IsSameNumber(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        a.SequenceEqual(b)
        || (TryWhole(a, out var wholeA) && TryWhole(b, out var wholeB) ? wholeA == wholeB : NumberPrefix.Parse(a) == NumberPrefix.Parse(b));

    private static bool TryWhole(ReadOnlySpan<byte> spelled, out long number) =>
        Utf8Parser.TryParse(spelled, out number, out var read) && read == spelled.Length;
}
