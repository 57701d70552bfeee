namespace Penstock.Simulator.OpenAi;

/// <summary><c>POST /chat/completions</c>.</summary>
internal static class ChatEndpoint
{
    /// <summary>Azure's first chunk has no choice, only what its filter says of the prompt.</summary>
    private const string PromptFilter =
        """{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{"hate":{"filtered":false,"severity":"safe"}}}]}""";

    public static HttpReply Answer(Call call)
    {
        var body = call.ReadObject();
        var model = call.Model(body);
        ChatRules.Check(body, call.Profile);
        var answer = ChatAnswer.To(body, model, call.Request.Number) with { ReasoningMember = call.Profile.ReasoningMember };
        return body.IsTrue("stream") ? Stream(answer, call.Profile) : Reply.Json(ChatWriter.Whole(answer));
    }

    public static SseReply Stream(ChatAnswer answer, ProviderProfile profile)
    {
        var stream = Reply.Sse(ChatWriter.Chunks(profile.AlwaysStreamsUsage ? answer with { IncludesUsage = true } : answer)).WithLineEnd(profile.StreamLineEnd);
        if (profile.HasDeployments) stream = stream.WithEventAt(0, new SseEvent(PromptFilter));
        if (!profile.SendsDone) stream = stream.WithoutDone();
        return profile.StreamComment is { } comment ? stream.WithComments(comment) : stream;
    }
}
