using System.Text.Json;

namespace Penstock.Dialects;

/// <summary>Whether the data of an event is an object whose top level says <c>error</c>.</summary>
internal static class ErrorMember
{
    public static bool IsIn(ReadOnlySpan<byte> data)
    {
        if (data.IndexOf("\"error\""u8) < 0) return false;
        var reader = new Utf8JsonReader(data);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isError = reader.ValueSpan.SequenceEqual("error"u8);
                reader.Read();
                if (isError && Says(ref reader)) return true;
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // Not ours to judge: the client gets it as it is.
        }

        return false;
    }

    /// <summary>Some providers send an empty <c>error</c> with every chunk.</summary>
    /// <param name="reader">On the member's value.</param>
    public static bool Says(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null or JsonTokenType.False => false,
        JsonTokenType.String => reader.ValueSpan.Length > 0,
        _ => true,
    };
}
