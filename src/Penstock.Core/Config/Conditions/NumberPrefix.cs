using System.Globalization;

namespace Penstock.Config.Conditions;

/// <summary>Reads the number that a text begins with, as JavaScript's <c>parseFloat</c> does.</summary>
/// <remarks>Source: ECMA-262, section 19.2.4 (parseFloat), StrDecimalLiteral.</remarks>
internal static class NumberPrefix
{
    /// <returns>NaN when the text begins with no number; infinite when it is too large for a double.</returns>
    public static double Parse(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(" \t\r\n\v\f"u8);
        var at = text.Length > 0 && text[0] is (byte)'+' or (byte)'-' ? 1 : 0;
        if (text[at..].StartsWith("Infinity"u8)) return text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        var digits = CountDigits(text, at);
        at += digits;
        if (at < text.Length && text[at] == '.')
        {
            var decimals = CountDigits(text, at + 1);
            digits += decimals;
            if (decimals > 0) at += 1 + decimals;
        }

        if (digits == 0) return double.NaN;
        at += CountExponent(text[at..]);
        return double.TryParse(text[..at], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
    }

    private static int CountExponent(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] is not ((byte)'e' or (byte)'E')) return 0;
        var at = text.Length > 1 && text[1] is (byte)'+' or (byte)'-' ? 2 : 1;
        var digits = CountDigits(text, at);
        return digits == 0 ? 0 : at + digits;
    }

    private static int CountDigits(ReadOnlySpan<byte> text, int from)
    {
        var rest = text[from..];
        var end = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? rest.Length : end;
    }
}
