using System.Text.Json;

namespace Penstock.Fuzz.Tests.Inputs;

/// <summary>Changes JSON where its parts begin and end: values are exchanged, repeated, wrapped and taken out.</summary>
internal static class JsonMutator
{
    private static readonly byte[][] Values =
    [
        "null"u8.ToArray(), "true"u8.ToArray(), "0"u8.ToArray(), "-1"u8.ToArray(), "1.5"u8.ToArray(), "1e999"u8.ToArray(), "\"\""u8.ToArray(), "\"x\""u8.ToArray(), "[]"u8.ToArray(), "{}"u8.ToArray(),
        "[[]]"u8.ToArray(), "[{}]"u8.ToArray(), "\"\\ud800\""u8.ToArray(), "99999999999999999999"u8.ToArray(), "[null]"u8.ToArray(), "{\"\":null}"u8.ToArray(), "\"openai\""u8.ToArray(), "[429,\"x\"]"u8.ToArray(),
    ];

    /// <summary>One to three changes, and sometimes damage that no longer respects the structure.</summary>
    public static byte[] Change(Dice dice, byte[] json)
    {
        for (var i = 1 + dice.Size(2); i > 0; i--) json = ChangeOnce(dice, json);
        return Mutator.MayDamage(dice, json, oneIn: 4);
    }

    private static byte[] ChangeOnce(Dice dice, byte[] json)
    {
        var values = FindValues(json);
        if (values.Count == 0) return Mutator.Damage(dice, json);
        var (start, end) = values[dice.Below(values.Count)];
        var (otherStart, otherEnd) = values[dice.Below(values.Count)];
        ReadOnlySpan<byte> value = json.AsSpan(start..end);
        return dice.Below(6) switch
        {
            0 => [.. json[..start], .. dice.Pick(Values), .. json[end..]],
            1 => [.. json[..start], .. json[otherStart..otherEnd], .. json[end..]],
            2 => [.. json[..start], .. "["u8, .. value, .. "]"u8, .. json[end..]],
            3 => [.. json[..start], .. value, .. ","u8, .. value, .. json[end..]],
            4 => Deepen(json, start, end, dice.Between(1, 300)),
            _ => [.. json[..start], .. json[end..]],
        };
    }

    private static byte[] Deepen(byte[] json, int start, int end, int depth) =>
    [
        .. json[..start], .. Enumerable.Repeat((byte)'[', depth), .. json[start..end], .. Enumerable.Repeat((byte)']', depth), .. json[end..],
    ];

    /// <summary>Every value and every name of a document, as far as it can be read.</summary>
    private static List<(int Start, int End)> FindValues(byte[] json)
    {
        var found = new List<(int, int)>();
        var open = new Stack<int>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1_000, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            while (reader.Read())
            {
                var start = (int)reader.TokenStartIndex;
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) open.Push(start);
                else if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray) found.Add((open.Pop(), (int)reader.BytesConsumed));
                else found.Add((start, (int)reader.BytesConsumed));
            }
        }
        catch (JsonException)
        {
            // What was found up to here is enough.
        }

        return found;
    }
}
