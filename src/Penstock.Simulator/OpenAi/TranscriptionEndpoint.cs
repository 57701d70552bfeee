using System.Globalization;

namespace Penstock.Simulator.OpenAi;

/// <summary><c>POST /audio/transcriptions</c> and <c>/translations</c>: the text tells how many bytes of audio arrived.</summary>
internal static class TranscriptionEndpoint
{
    public static HttpReply Answer(Call call)
    {
        var form = MultipartForm.Read(call.Request);
        form.Check(["file", "model"], ["language", "prompt", "response_format", "temperature", "timestamp_granularities", "stream", "include", "chunking_strategy"]);
        call.Known(form.Find("model")!.Text);
        var text = string.Create(CultureInfo.InvariantCulture, $"You sent {form.Find("file")!.Content.Length} bytes.");
        if (form.Find("stream")?.Text == "true") return Stream(text);
        var quoted = ErrorBodies.Quoted(text);
        return (form.Find("response_format")?.Text ?? "json") switch
        {
            "json" => Reply.Json($$"""{"text":{{quoted}}}"""),
            "verbose_json" => Reply.Json($$"""{"task":"transcribe","language":"english","duration":1.0,"text":{{quoted}},"segments":[{"id":0,"start":0.0,"end":1.0,"text":{{quoted}}}]}"""),
            "text" => Reply.Text(text + "\n"),
            "srt" => Reply.Text($"1\n00:00:00,000 --> 00:00:01,000\n{text}\n\n"),
            "vtt" => Reply.Bytes(System.Text.Encoding.UTF8.GetBytes($"WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n{text}\n\n"), "text/vtt"),
            var other => throw new RefusedException(400, $"Invalid value: '{other}'. Supported values are: 'json', 'text', 'srt', 'verbose_json', and 'vtt'.", "response_format", "invalid_value"),
        };
    }

    private static SseReply Stream(string text)
    {
        var deltas = ChatAnswer.Split(text, "").Select(static piece => $$"""{"type":"transcript.text.delta","delta":{{ErrorBodies.Quoted(piece)}}}""");
        return Reply.Sse([.. deltas, $$"""{"type":"transcript.text.done","text":{{ErrorBodies.Quoted(text)}}}"""]);
    }
}
