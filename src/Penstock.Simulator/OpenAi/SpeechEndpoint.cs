namespace Penstock.Simulator.OpenAi;

/// <summary><c>POST /audio/speech</c>: binary that grows with the text, so that a lost or changed byte shows.</summary>
internal static class SpeechEndpoint
{
    private const int BytesPerCharacter = 100;

    public static HttpReply Answer(Call call)
    {
        var body = call.ReadObject();
        call.Model(body);
        Parameters.Check(body, Parameters.Speech);
        foreach (var name in (string[])["input", "voice"])
        {
            if (body.Find(name) is null) throw new RefusedException(400, $"Missing required parameter: '{name}'.", name, "missing_required_parameter");
        }

        var type = (body.FindText("response_format") ?? "mp3") switch
        {
            "mp3" => "audio/mpeg",
            "opus" => "audio/opus",
            "aac" => "audio/aac",
            "flac" => "audio/flac",
            "wav" => "audio/wav",
            "pcm" => "audio/pcm",
            var other => throw new RefusedException(400, $"Invalid value: '{other}'. Supported values are: 'mp3', 'opus', 'aac', 'flac', 'wav', and 'pcm'.", "response_format", "invalid_value"),
        };
        return Reply.Bytes(Audio(body.FindText("input")!.Length * BytesPerCharacter), type).WithFraming(Framing.Chunked);
    }

    /// <summary>All byte values occur, also those that are no text.</summary>
    public static byte[] Audio(int length)
    {
        var audio = new byte[length];
        for (var index = 0; index < length; index++) audio[index] = (byte)(index * 7);
        return audio;
    }
}
