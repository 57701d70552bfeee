namespace Penstock.Simulator.OpenAi;

/// <summary><c>POST /chat/completions</c>.</summary>
internal static class ChatEndpoint
{
    public static HttpReply Answer(Call call)
    {
        var body = call.ReadObject();
        var model = call.Model(body);
        ChatRules.Check(body, call.Profile);
        var answer = ChatAnswer.To(body, model, call.Request.Number);
        return body.IsTrue("stream") ? Reply.Sse(ChatWriter.Chunks(answer)) : Reply.Json(ChatWriter.Whole(answer));
    }
}
