using System.Buffers.Text;
using System.Text;

namespace Penstock.Json;

/// <summary>
/// The escapes of JSON strings, byte by byte. The framework's readers throw on a lone surrogate; client and provider
/// JSON may hold one, so that here it becomes U+FFFD and the caller is told.
/// </summary>
internal static class JsonEscapes
{
    /// <summary>Longest spelling of one byte: <c>\u0061</c>.</summary>
    public const int MaxBytesPerByte = 6;

    /// <summary>Whether the inside of a JSON string means this text.</summary>
    public static bool Means(ReadOnlySpan<byte> inside, bool isEscaped, ReadOnlySpan<byte> text)
    {
        if (!isEscaped) return inside.SequenceEqual(text);
        if (inside.Length < text.Length || inside.Length > (long)text.Length * MaxBytesPerByte) return false;
        var rented = BytePool.Shared.Rent(inside.Length);
        var isText = TryUnescape(inside, rented, out var written) && rented.AsSpan(0, written).SequenceEqual(text);
        BytePool.Shared.Return(rented);
        return isText;
    }

    /// <summary>The same for text that is not encoded yet.</summary>
    public static bool Means(ReadOnlySpan<byte> inside, bool isEscaped, string text)
    {
        Span<byte> room = stackalloc byte[256];
        var utf8 = Encoding.UTF8.TryGetBytes(text, room, out var length) ? room[..length] : Encoding.UTF8.GetBytes(text);
        return Means(inside, isEscaped, utf8);
    }

    /// <summary>The same where nobody has looked for escapes yet.</summary>
    public static bool Means(ReadOnlySpan<byte> inside, ReadOnlySpan<byte> text) => Means(inside, inside.Contains((byte)'\\'), text);

    /// <summary>The text of the inside of a JSON string; what is not Unicode becomes U+FFFD.</summary>
    public static string Text(ReadOnlySpan<byte> inside)
    {
        if (!inside.Contains((byte)'\\')) return Encoding.UTF8.GetString(inside);
        var rented = BytePool.Shared.Rent(inside.Length);
        TryUnescape(inside, rented, out var written);
        var text = Encoding.UTF8.GetString(rented, 0, written);
        BytePool.Shared.Return(rented);
        return text;
    }

    /// <summary>The text with every lone surrogate replaced: the framework's writers throw on one.</summary>
    public static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    /// <param name="inside">What stands between the quotes of a valid JSON string.</param>
    /// <param name="destination">At least as long as <paramref name="inside"/>: no escape is shorter than what it means.</param>
    /// <returns>False when there was a lone surrogate; all is written nevertheless.</returns>
    public static bool TryUnescape(ReadOnlySpan<byte> inside, Span<byte> destination, out int written)
    {
        var isUnicode = true;
        written = 0;
        while (true)
        {
            var plain = inside.IndexOf((byte)'\\');
            if (plain < 0 || plain + 1 >= inside.Length) plain = inside.Length;
            inside[..plain].CopyTo(destination[written..]);
            written += plain;
            inside = inside[plain..];
            if (inside.IsEmpty) return isUnicode;
            if (inside[1] != 'u')
            {
                destination[written++] = Single(inside[1]);
                inside = inside[2..];
                continue;
            }

            var unit = Hex(inside);
            inside = inside[Math.Min(6, inside.Length)..];
            if (!Rune.TryCreate((char)unit, out var rune))
            {
                if (inside.StartsWith("\\u"u8) && Rune.TryCreate((char)unit, (char)Hex(inside), out rune))
                {
                    inside = inside[6..];
                }
                else
                {
                    rune = Rune.ReplacementChar;
                    isUnicode = false;
                }
            }

            written += rune.EncodeToUtf8(destination[written..]);
        }
    }

    private static byte Single(byte letter) => letter switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => letter,
    };

    /// <summary>The four digits after <c>\u</c>; 0 where they are cut or wrong, which valid JSON never shows.</summary>
    private static int Hex(ReadOnlySpan<byte> escape) =>
        escape.Length >= 6 && Utf8Parser.TryParse(escape[2..6], out ushort unit, out var consumed, 'x') && consumed == 4
            ? unit
            : 0;
}
