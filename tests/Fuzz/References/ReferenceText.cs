using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Penstock.Fuzz.Tests.References;

/// <summary>The text of a JSON string, worked out letter by letter.</summary>
internal static class ReferenceText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A text as JSON, with no more escapes than it needs.</summary>
    public static byte[] Quote(string text) => Encoding.UTF8.GetBytes($"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"");

    /// <param name="inside">What stands between the quotes of a valid JSON string.</param>
    /// <returns>Null when it is no Unicode text.</returns>
    public static string? Of(ReadOnlySpan<byte> inside)
    {
        try
        {
            var text = new StringBuilder();
            var raw = Strict.GetString(inside);
            for (var i = 0; i < raw.Length; i++)
            {
                if (raw[i] != '\\')
                {
                    text.Append(raw[i]);
                    continue;
                }

                i++;
                if (raw[i] == 'u')
                {
                    text.Append((char)int.Parse(raw.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                    i += 4;
                }
                else
                {
                    const string letters = "bfnrt";
                    text.Append(letters.IndexOf(raw[i], StringComparison.Ordinal) is >= 0 and var known ? "\b\f\n\r\t"[known] : raw[i]);
                }
            }

            Strict.GetByteCount(text.ToString());
            return text.ToString();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
