using System.Buffers;

namespace Penstock.Json;

/// <summary>What somebody wrote, short enough to be quoted in a message, and never what looks like a key.</summary>
internal static class ShortText
{
    private const int MaxLength = 64;

    /// <summary>So many letters and digits in one run, both of them in it, are no word: names of models and hosts have shorter runs.</summary>
    private const int KeyRun = 16;

    private static readonly SearchValues<char> LettersAndDigits = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>How keys of the well-known services begin.</summary>
    private static readonly string[] KeyPrefixes =
        ["sk-", "pst_", "pk-", "gsk_", "xai-", "hf_", "ghp_", "AIza", "AKIA", "ASIA", "eyJ", "key-", "Bearer ", "Basic ", "nvapi-", "r8_", "pplx-", "fw_"];

    public static string Of(string text)
    {
        if (LooksLikeKey(text)) return "…";
        return Cut(text, MaxLength);
    }

    /// <summary>Only shortened.</summary>
    /// <returns>Never half of a surrogate pair at the end: the framework's JSON writer throws on one.</returns>
    public static string Cut(string text, int maxLength)
    {
        if (text.Length <= maxLength) return text;
        return text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)] + "…";
    }

    public static bool LooksLikeKey(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        foreach (var prefix in KeyPrefixes)
        {
            if (text.Length > prefix.Length && text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return true;
        }

        while (text.Length >= KeyRun)
        {
            var start = text.IndexOfAny(LettersAndDigits);
            if (start < 0) return false;
            text = text[start..];
            var length = text.IndexOfAnyExcept(LettersAndDigits);
            if (length < 0) length = text.Length;
            var run = text[..length];
            if (length >= KeyRun && run.ContainsAnyInRange('0', '9') && run.ContainsAnyExceptInRange('0', '9')) return true;
            text = text[length..];
        }

        return false;
    }
}
