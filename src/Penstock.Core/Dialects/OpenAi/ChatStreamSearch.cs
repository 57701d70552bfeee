namespace Penstock.Dialects.OpenAi;

/// <summary>
/// Vectorised searches that spare the reading of nearly every chunk. They may hit too often, never too seldom, as long
/// as names are not spelled with escapes.
/// </summary>
internal static class ChatStreamSearch
{
    /// <summary>Whether one event, or any of several, can change what a watcher knows: wherever in a read it stands.</summary>
    public static bool MayMatter(ReadOnlySpan<byte> events) => HasEndMark(events) || MayFinish(events) || MayBeError(events);

    private static bool HasEndMark(ReadOnlySpan<byte> bytes) => bytes.IndexOf("[DONE]"u8) >= 0;

    /// <summary>Every chunk says <c>"finish_reason":null</c>; some say <c>""</c>.</summary>
    private static bool MayFinish(ReadOnlySpan<byte> bytes)
    {
        var name = "\"finish_reason\""u8;
        for (var at = bytes.IndexOf(name); at >= 0; at = bytes.IndexOf(name))
        {
            bytes = bytes[(at + name.Length)..];
            if (!IsEmptyValue(bytes)) return true;
        }

        return false;
    }

    /// <summary>A member or an event of that name. The word alone is common in what models write.</summary>
    private static bool MayBeError(ReadOnlySpan<byte> bytes)
    {
        var word = "error"u8;
        var rest = bytes;
        for (var at = rest.IndexOf(word); at >= 0; at = rest.IndexOf(word))
        {
            var before = bytes[..(bytes.Length - rest.Length + at)];
            rest = rest[(at + word.Length)..];
            if (before.EndsWith("\""u8) && rest.StartsWith("\""u8))
            {
                if (!IsEmptyValue(rest[1..])) return true;
            }
            else if (before.EndsWith("event:"u8) || before.EndsWith("event: "u8))
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="rest">What follows a member's name.</param>
    private static bool IsEmptyValue(ReadOnlySpan<byte> rest)
    {
        rest = SkipSpace(rest);
        if (rest is not [(byte)':', ..]) return false;
        rest = SkipSpace(rest[1..]);
        return rest.StartsWith("null"u8) || rest.StartsWith("\"\""u8);
    }

    private static ReadOnlySpan<byte> SkipSpace(ReadOnlySpan<byte> bytes)
    {
        while (bytes is [(byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r', ..]) bytes = bytes[1..];
        return bytes;
    }
}
