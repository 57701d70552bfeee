using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Penstock.Json;

namespace Penstock.Dialects.OpenAi;

/// <summary>Gives messages another role, in place: <c>developer</c> becomes <c>system</c> where only that is known.</summary>
internal static class RoleRenamer
{
    public static void Rename(BodyEditor editor, ImmutableArray<(string From, string To)> roles)
    {
        if (roles.IsEmpty || !editor.TryGetRaw("messages", out var messages) || !MayHoldAny(messages, roles)) return;
        var splices = new List<BodySplice>();
        var reader = new Utf8JsonReader(messages, new JsonReaderOptions { MaxDepth = BodyScan.MaxDepth });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray) return;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject) ReadMessage(ref reader, roles, splices);
            else reader.Skip();
        }

        editor.Splice("messages", CollectionsMarshal.AsSpan(splices));
    }

    private static void ReadMessage(ref Utf8JsonReader reader, ImmutableArray<(string From, string To)> roles, List<BodySplice> splices)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isRole = reader.ValueSpan.SequenceEqual("role"u8);
            reader.Read();
            if (isRole && reader.TokenType == JsonTokenType.String)
            {
                foreach (var (from, to) in roles)
                {
                    if (!JsonEscapes.Means(reader.ValueSpan, reader.ValueIsEscaped, from)) continue;
                    splices.Add(new BodySplice((int)reader.TokenStartIndex + 1, (int)reader.BytesConsumed - 1, JsonEncodedText.Encode(to).EncodedUtf8Bytes.ToArray()));
                    break;
                }
            }

            reader.Skip();
        }
    }

    /// <summary>A vectorised look: almost no request needs the walk. A role spelled with escapes is not found; nobody writes one.</summary>
    private static bool MayHoldAny(ReadOnlySpan<byte> messages, ImmutableArray<(string From, string To)> roles)
    {
        Span<byte> room = stackalloc byte[64];
        foreach (var (from, _) in roles)
        {
            if (!Encoding.UTF8.TryGetBytes(from, room, out var length) || messages.IndexOf(room[..length]) >= 0) return true;
        }

        return false;
    }
}
