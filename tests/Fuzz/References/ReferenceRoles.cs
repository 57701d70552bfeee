using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Penstock.Fuzz.Tests.References;

/// <summary>Renames the roles of messages by searching each message's top level, token by token.</summary>
internal static class ReferenceRoles
{
    /// <param name="messages">A valid value; where it is no array of objects it stays as it is.</param>
    public static byte[] Rename(byte[] messages, ImmutableArray<(string From, string To)> roles)
    {
        var reader = new Utf8JsonReader(messages, new JsonReaderOptions { MaxDepth = 300 });
        var places = new Stack<(int Start, int End, string To)>();
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray) return messages;
        var isRole = false;
        while (reader.Read())
        {
            // Depth 2: a member of an object that is an item. Within a nested array an object would stand deeper.
            if (reader.TokenType == JsonTokenType.PropertyName) isRole = reader.CurrentDepth == 2 && reader.ValueSpan.SequenceEqual("role"u8);
            else if (isRole && reader.TokenType == JsonTokenType.String && Find(ReferenceText.Of(reader.ValueSpan), roles) is { } to) places.Push(((int)reader.TokenStartIndex, (int)reader.BytesConsumed, to));
            if (reader.TokenType != JsonTokenType.PropertyName) isRole = false;
        }

        var renamed = messages;
        foreach (var (start, end, to) in places) renamed = [.. renamed[..start], .. Encoding.UTF8.GetBytes(JsonValue.Create(to).ToJsonString()), .. renamed[end..]];
        return renamed;
    }

    private static string? Find(string? role, ImmutableArray<(string From, string To)> roles)
    {
        foreach (var (from, to) in roles)
        {
            if (from == role) return to;
        }

        return null;
    }
}
