using System.Globalization;
using System.Text;

namespace Penstock.Fuzz.Tests.Running;

/// <summary>Inputs in a form that can be read, and pasted into a test.</summary>
internal static class Show
{
    private const int MaxLength = 8_000;

    /// <summary>Printable ASCII as it is, everything else as <c>\x1f</c>.</summary>
    public static string Bytes(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var one in bytes[..Math.Min(bytes.Length, MaxLength)])
        {
            if (one is >= 32 and < 127) text.Append((char)one);
            else text.Append(CultureInfo.InvariantCulture, $"\\x{one:x2}");
        }

        return bytes.Length > MaxLength ? text.Append(CultureInfo.InvariantCulture, $"… ({bytes.Length} bytes)").ToString() : text.ToString();
    }

    /// <summary>The same for text, with <c>\u001f</c>.</summary>
    public static string Text(string text)
    {
        var shown = new StringBuilder();
        foreach (var one in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            if (one is >= ' ' and < (char)127) shown.Append(one);
            else shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)one:x4}");
        }

        return text.Length > MaxLength ? shown.Append(CultureInfo.InvariantCulture, $"… ({text.Length} characters)").ToString() : shown.ToString();
    }
}
