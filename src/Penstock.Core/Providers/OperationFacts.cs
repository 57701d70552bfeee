using System.Collections.Immutable;

namespace Penstock.Providers;

/// <param name="Operation">What it is.</param>
/// <param name="Name">As rows write it.</param>
/// <param name="Words">As a message says it.</param>
/// <param name="Path">Where the OpenAI API has it, behind <c>/v1</c>.</param>
/// <param name="IsTree">Whether it is a collection, with paths below it: <c>/files/{id}/content</c>.</param>
internal sealed record OperationFacts(Operation Operation, string Name, string Words, string Path, bool IsTree = false)
{
    /// <summary>All operations but <see cref="Operation.Proxy"/>, in the order of the enumeration.</summary>
    public static ImmutableArray<OperationFacts> All { get; } =
    [
        new(Operation.Chat, "chat", "chat completions", "/chat/completions"),
        new(Operation.Completion, "completion", "completions", "/completions"),
        new(Operation.Embedding, "embedding", "embeddings", "/embeddings"),
        new(Operation.Responses, "responses", "responses", "/responses", IsTree: true),
        new(Operation.Messages, "messages", "messages", "/messages", IsTree: true),
        new(Operation.Models, "models", "a model list", "/models", IsTree: true),
        new(Operation.Image, "image", "image generation", "/images/generations"),
        new(Operation.ImageEdit, "image_edit", "image edits", "/images/edits"),
        new(Operation.ImageVariation, "image_variation", "image variations", "/images/variations"),
        new(Operation.Speech, "speech", "speech", "/audio/speech"),
        new(Operation.Transcription, "transcription", "transcriptions", "/audio/transcriptions"),
        new(Operation.Translation, "translation", "translations", "/audio/translations"),
        new(Operation.Moderation, "moderation", "moderations", "/moderations"),
        new(Operation.Rerank, "rerank", "reranking", "/rerank"),
        new(Operation.Files, "files", "files", "/files", IsTree: true),
        new(Operation.Batches, "batches", "batches", "/batches", IsTree: true),
        new(Operation.FineTuning, "fine_tuning", "fine-tuning", "/fine_tuning", IsTree: true),
        new(Operation.Realtime, "realtime", "realtime sessions", "/realtime", IsTree: true),
    ];

    public static ImmutableArray<string> Names { get; } = [.. All.Select(facts => facts.Name)];

    /// <param name="operation">Any but <see cref="Operation.Proxy"/>.</param>
    public static OperationFacts Of(Operation operation) => All[(int)operation - 1];

    public static OperationFacts? Find(string name) => All.FirstOrDefault(facts => facts.Name == name);
}
