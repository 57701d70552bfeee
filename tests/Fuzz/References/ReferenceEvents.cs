namespace Penstock.Fuzz.Tests.References;

/// <summary>Reads an event stream whole, line by line, as the standard describes it.</summary>
/// <remarks>Source: HTML Living Standard, section 9.2.6.</remarks>
internal static class ReferenceEvents
{
    /// <summary>Name and data of every event that came to its end, each byte as a character.</summary>
    public static List<(string Name, string Data)> Read(ReadOnlySpan<byte> stream)
    {
        var text = System.Text.Encoding.Latin1.GetString(stream.StartsWith("\uFEFF"u8) ? stream[3..] : stream);
        var events = new List<(string, string)>();
        var name = "";
        List<string> data = [];
        foreach (var line in WholeLines(text))
        {
            if (line.Length == 0)
            {
                if (data.Count > 0) events.Add((name, string.Join('\n', data)));
                (name, data) = ("", []);
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var field = colon < 0 ? line : line[..colon];
            var value = colon < 0 ? "" : line[(colon + 1)..];
            if (value.StartsWith(' ')) value = value[1..];
            if (field == "data") data.Add(value);
            else if (field == "event") name = value;
        }

        return events;
    }

    /// <summary>What follows the last line end is no line yet.</summary>
    private static IEnumerable<string> WholeLines(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('\r' or '\n')) continue;
            yield return text[start..i];
            if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n') i++;
            start = i + 1;
        }
    }
}
