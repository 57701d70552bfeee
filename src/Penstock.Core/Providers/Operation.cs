namespace Penstock.Providers;

/// <summary>What a request asks for. In rows the names are snake_case: <c>image_edit</c>, <c>fine_tuning</c>.</summary>
public enum Operation
{
    /// <summary>Any path that is not one of the others: it goes to the provider as it came.</summary>
    Proxy,
    Chat,
    Completion,
    Embedding,
    Responses,
    Messages,
    Models,
    Image,
    ImageEdit,
    ImageVariation,
    Speech,
    Transcription,
    Translation,
    Moderation,
    Rerank,
    Files,
    Batches,
    FineTuning,
    Realtime,
}
