using System.Text.Json;
using Penstock.Json;
using Penstock.Providers;

namespace Penstock.Dialects;

/// <summary>What a document is that came with a status of success.</summary>
internal enum AnswerShape
{
    /// <summary>An answer to that operation, as far as we know its form.</summary>
    Answer,

    /// <summary>An object that says <c>error</c> and holds nothing else of an answer.</summary>
    Error,

    /// <summary>JSON, but no answer to that operation.</summary>
    Other,

    /// <summary>Not JSON, or cut.</summary>
    Broken,
}

/// <summary>Tells an answer from what providers and the proxies before them send with the same status.</summary>
internal static class AnswerDocument
{
    /// <param name="document">The whole of it.</param>
    public static AnswerShape Judge(ReadOnlySpan<byte> document, Operation operation)
    {
        if (document.StartsWith("\uFEFF"u8)) document = document[3..];
        var reader = new Utf8JsonReader(document, new JsonReaderOptions { MaxDepth = BodyScan.MaxDepth });
        try
        {
            reader.Read();
            var shape = reader.TokenType == JsonTokenType.StartObject ? JudgeObject(ref reader, operation)
                : reader.TokenType == JsonTokenType.StartArray && operation == Operation.Rerank ? AnswerShape.Answer
                : AnswerShape.Other;
            reader.Skip();
            reader.Read(); // throws when anything follows
            return shape;
        }
        catch (JsonException)
        {
            return AnswerShape.Broken;
        }
    }

    private static AnswerShape JudgeObject(ref Utf8JsonReader reader, Operation operation)
    {
        var isAnswer = IsFree(operation);
        var isError = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var mayBeError = reader.ValueSpan.SequenceEqual("error"u8);
            isAnswer |= IsOfAnswer(reader.ValueSpan, operation);
            reader.Read();
            isError |= mayBeError && ErrorMember.Says(ref reader);
            reader.Skip();
        }

        // The Responses API has both in the answer of a run that failed.
        if (isError && operation != Operation.Responses && (IsFree(operation) || !isAnswer)) return AnswerShape.Error;
        return isAnswer ? AnswerShape.Answer : AnswerShape.Other;
    }

    /// <summary>Operations whose answers have no member in common.</summary>
    private static bool IsFree(Operation operation) => operation is Operation.Responses or Operation.Messages or Operation.Rerank;

    /// <summary>A member without which no client can read the answer. Embeddings of some providers stand under their own name.</summary>
    private static bool IsOfAnswer(ReadOnlySpan<byte> name, Operation operation) => operation switch
    {
        Operation.Chat or Operation.Completion => name.SequenceEqual("choices"u8),
        Operation.Embedding => name.SequenceEqual("data"u8) || name.StartsWith("embedding"u8),
        Operation.Moderation => name.SequenceEqual("results"u8),
        _ => false,
    };
}
