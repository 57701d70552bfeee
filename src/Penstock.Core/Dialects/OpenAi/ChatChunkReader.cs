using System.Numerics;
using System.Text.Json;

namespace Penstock.Dialects.OpenAi;

/// <summary>Which choices have finished. The API allows 128 of them; what lies beyond shares the last place.</summary>
internal struct ChoiceSet
{
    private UInt128 _bits;

    public readonly int Count => BitOperations.PopCount((ulong)_bits) + BitOperations.PopCount((ulong)(_bits >> 64));

    public void Add(int index) => _bits |= UInt128.One << Math.Clamp(index, 0, 127);
}

/// <param name="HasContent">Something a client would show or act upon, or a finish reason.</param>
/// <param name="IsError">The top level says <c>error</c>.</param>
/// <param name="Finished">The choices that have finished, earlier chunks included.</param>
internal readonly record struct ChatChunk(bool HasContent, bool IsError, ChoiceSet Finished);

/// <summary>Reads of a chunk what a watcher must know. Names are compared as spelled: no sender escapes them.</summary>
internal static class ChatChunkReader
{
    /// <param name="finished">The choices that finished in earlier chunks.</param>
    /// <exception cref="JsonException">The data is not JSON.</exception>
    public static ChatChunk Read(ReadOnlySpan<byte> data, ChoiceSet finished)
    {
        var hasContent = false;
        var isError = false;
        var reader = new Utf8JsonReader(data);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (name.SequenceEqual("choices"u8) && reader.TokenType == JsonTokenType.StartArray)
            {
                hasContent |= ReadChoices(ref reader, ref finished);
            }
            else
            {
                isError |= name.SequenceEqual("error"u8) && ErrorMember.Says(ref reader);
                reader.Skip();
            }
        }

        return new ChatChunk(hasContent, isError, finished);
    }

    private static bool ReadChoices(ref Utf8JsonReader reader, ref ChoiceSet finished)
    {
        var hasContent = false;
        for (var position = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; position++)
        {
            if (reader.TokenType == JsonTokenType.StartObject) hasContent |= ReadChoice(ref reader, position, ref finished);
            else reader.Skip();
        }

        return hasContent;
    }

    /// <param name="position">Its index, if it does not state one.</param>
    private static bool ReadChoice(ref Utf8JsonReader reader, int position, ref ChoiceSet finished)
    {
        var hasContent = false;
        var isFinished = false;
        var index = position;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (name.SequenceEqual("index"u8))
            {
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var stated)) index = stated;
            }
            else if (name.SequenceEqual("finish_reason"u8))
            {
                isFinished = reader.TokenType != JsonTokenType.Null && reader.ValueSpan.Length > 0;
            }
            else if (name.SequenceEqual("text"u8))
            {
                hasContent |= IsFilled(ref reader);
            }
            else if ((name.SequenceEqual("delta"u8) || name.SequenceEqual("message"u8)) && reader.TokenType == JsonTokenType.StartObject)
            {
                hasContent |= ReadDelta(ref reader);
            }

            reader.Skip();
        }

        if (isFinished) finished.Add(index);
        return hasContent || isFinished;
    }

    private static bool ReadDelta(ref Utf8JsonReader reader)
    {
        var hasContent = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isContent = IsContent(reader.ValueSpan);
            reader.Read();
            hasContent |= isContent && IsFilled(ref reader);
            reader.Skip();
        }

        return hasContent;
    }

    /// <summary>The OpenAI members and those in which compatible providers put reasoning, blocks and images.</summary>
    private static bool IsContent(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("content"u8)
        || name.SequenceEqual("reasoning"u8)
        || name.SequenceEqual("reasoning_content"u8)
        || name.SequenceEqual("reasoning_details"u8)
        || name.SequenceEqual("refusal"u8)
        || name.SequenceEqual("tool_calls"u8)
        || name.SequenceEqual("function_call"u8)
        || name.SequenceEqual("audio"u8)
        || name.SequenceEqual("images"u8)
        || name.SequenceEqual("content_blocks"u8);

    /// <param name="reader">On a value; it stays there.</param>
    private static bool IsFilled(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null or JsonTokenType.False:
                return false;
            case JsonTokenType.String:
                return reader.ValueSpan.Length > 0;
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                var ahead = reader;
                ahead.Read();
                return ahead.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject);
            default:
                return true;
        }
    }
}
