namespace Penstock.Json;

/// <summary>What somebody wrote, short enough to be quoted in a message.</summary>
internal static class ShortText
{
    private const int QuotedLength = 64;

    /// <returns>Never half of a surrogate pair at the end: the framework's JSON writer throws on one.</returns>
    public static string Of(string text, int maxLength = QuotedLength)
    {
        if (text.Length <= maxLength) return text;
        return text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)] + "…";
    }
}
