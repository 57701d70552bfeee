using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Penstock.Fuzz.Tests.Inputs;

/// <summary>Writes JSON that is valid, and as odd as valid JSON may be.</summary>
internal sealed class JsonGrammar(Dice dice)
{
    private static readonly string[] Spaces = ["", "", "", "", " ", "\n", "\t", "\r\n", "  \n\t "];

    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "2", "3", "-1", "42", "1.5", "1e2", "1E+2", "0.1e-7", "1e400", "-1e400", "123456789012345678901234567890", "2147483648", "9007199254740993", "1.0",
    ];

    private static readonly string[] Texts =
    [
        "a", "b", "hello", "x y", "é", "😀", "漢", "\u2028", "\u007f", @"\n", @"\""", @"\\", @"\/", @"\b\f\r\t", @"\u0041", @"\u0000", @"\ud83d\ude00", @"\u00e9",
        "[DONE]", "data: x", "null", "gpt-4o", "openai/gpt-4o", "system", "developer", "user", "-1", "{", "]", "'",
    ];

    private static readonly string[] LoneSurrogates = [@"\ud800", @"\udc00", @"\ud800\u0041", @"\ude00\ud83d"];

    private readonly ArrayBufferWriter<byte> _text = new();

    /// <summary>Names of members, apart from made-up ones.</summary>
    public ImmutableArray<string> Names { get; init; } = ["a", "b", "c", "", "é", "a.b", "model", "x y"];

    /// <summary>Escapes of half a surrogate pair, which are JSON and no Unicode. Bytes that are no UTF-8 come from <see cref="Mutator"/>.</summary>
    public bool HasLoneSurrogates { get; init; }

    /// <summary>Whether names may be spelled with escapes.</summary>
    public bool EscapesNames { get; init; } = true;

    public bool RepeatsNames { get; init; } = true;

    /// <summary>Members of an object and items of an array, at most.</summary>
    public int Width { get; init; } = 5;

    /// <summary>Members of the outermost object, at most.</summary>
    public int? TopWidth { get; init; }

    public byte[] Object(int depth = 4) => Take(() => WriteObject(depth, TopWidth ?? Width));

    public byte[] Value(int depth = 3) => Take(() => WriteValue(depth));

    /// <summary>Text inside quotes.</summary>
    public byte[] String() => Take(WriteString);

    /// <summary>A member's name in quotes, with some letters escaped at times.</summary>
    public byte[] Spell(string name) => Take(() => WriteName(name));

    private byte[] Take(Action write)
    {
        _text.ResetWrittenCount();
        write();
        return _text.WrittenSpan.ToArray();
    }

    private void WriteValue(int depth)
    {
        switch (dice.Below(depth <= 0 ? 6 : 9))
        {
            case 0 or 1:
                WriteString();
                break;
            case 2:
                Write(dice.Pick(Numbers));
                break;
            case 3:
                Write(dice.Below(1000).ToString(CultureInfo.InvariantCulture));
                break;
            case 4:
                Write(dice.Pick("true", "false", "null"));
                break;
            case 5:
                Write(dice.Pick("\"\"", "[]", "{}", "[ ]", "{ }"));
                break;
            case 6 or 7:
                WriteObject(depth - 1, Width);
                break;
            default:
                WriteArray(depth - 1);
                break;
        }
    }

    private void WriteObject(int depth, int width)
    {
        Write("{");
        Space();
        var used = RepeatsNames ? null : new HashSet<string>();
        var isFirst = true;
        for (var i = dice.Size(width); i > 0; i--)
        {
            var name = dice.OneIn(6) ? $"m{dice.Below(4)}" : dice.Pick(Names.AsSpan());
            if (used?.Add(name) == false) continue;
            if (!isFirst) Write(",");
            isFirst = false;
            Space();
            WriteName(name);
            Space();
            Write(":");
            Space();
            WriteValue(depth);
            Space();
        }

        Write("}");
    }

    private void WriteArray(int depth)
    {
        Write("[");
        Space();
        for (var i = dice.Size(Width); i > 0; i--)
        {
            WriteValue(depth);
            Space();
            if (i > 1) Write(",");
            Space();
        }

        Write("]");
    }

    private void WriteString()
    {
        Write("\"");
        for (var i = dice.Size(3); i > 0; i--) Write(HasLoneSurrogates && dice.OneIn(8) ? dice.Pick(LoneSurrogates) : dice.Pick(Texts));
        Write("\"");
    }

    private void WriteName(string name)
    {
        Write("\"");
        var escapes = EscapesNames && dice.OneIn(5);
        foreach (var unit in name)
        {
            var mustEscape = unit is '"' or '\\' or < ' ';
            var isHalf = char.IsSurrogate(unit);
            if (mustEscape || (escapes && !isHalf && dice.OneIn(2))) Write(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"));
            else if (isHalf) WriteHalf(unit);
            else Write(unit.ToString());
        }

        Write("\"");
    }

    private void WriteHalf(char unit) => Write(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}"));

    private void Space() => Write(dice.Pick(Spaces));

    private void Write(string text) => Encoding.UTF8.GetBytes(text, _text);
}
