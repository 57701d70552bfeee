using System.Text.Json;

namespace Penstock.Json;

/// <summary>What the framework's reader found wrong, in its words.</summary>
internal static class ReaderMessage
{
    /// <summary>
    /// Without the place, which we state ourselves, without the hint at options that only a programmer can set, and
    /// without what it quotes: a key whose quotes were forgotten is an "invalid literal".
    /// </summary>
    public static string Of(JsonException fault)
    {
        var end = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var message = end < 0 ? fault.Message : fault.Message[..end];
        var literal = message.IndexOf("' is an invalid JSON literal.", StringComparison.Ordinal);
        if (literal > 0) message = "This" + message[(literal + 1)..];
        return message.Replace(" Change the reader options.", "", StringComparison.Ordinal);
    }
}
