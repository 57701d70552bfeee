using System.Text.Json;

namespace Penstock.Json;

/// <summary>Says what is wrong with a body, and at which byte.</summary>
internal static class BodyFaults
{
    public static BodyException NotAnObject(JsonTokenType found)
    {
        var what = found switch
        {
            JsonTokenType.StartArray => "an array",
            JsonTokenType.String => "a string",
            JsonTokenType.Number => "a number",
            JsonTokenType.Null => "null",
            _ => "a boolean",
        };
        return new BodyException($"The body is {what}. A JSON object was expected.");
    }

    /// <summary>The first and the last of two equal names are read by different readers.</summary>
    public static BodyException Twice(string name) =>
        new($"The member '{name}' is there twice, perhaps in another casing. Send it once.") { IsAmbiguous = true };

    /// <param name="depth">How deep the reader stood when it failed.</param>
    public static BodyException NotJson(ReadOnlySpan<byte> body, JsonException fault, int depth)
    {
        var position = Position(body, fault);
        var isBracket = position < body.Length && body[position] is (byte)'{' or (byte)'[';
        return isBracket && depth >= BodyScan.MaxDepth - 1
            ? new BodyException($"The body is nested deeper than {BodyScan.MaxDepth} levels, at byte {position}. Send it flatter.")
            : new BodyException($"The body is not valid JSON, at byte {position}: {ReaderMessage.Of(fault)}");
    }

    /// <summary>The reader counts lines and bytes within the line, both from zero.</summary>
    private static int Position(ReadOnlySpan<byte> body, JsonException fault)
    {
        var start = 0;
        for (var line = fault.LineNumber ?? 0; line > 0; line--)
        {
            var end = body[start..].IndexOf((byte)'\n');
            if (end < 0) break;
            start += end + 1;
        }

        return (int)Math.Min(body.Length, start + (fault.BytePositionInLine ?? 0));
    }
}
