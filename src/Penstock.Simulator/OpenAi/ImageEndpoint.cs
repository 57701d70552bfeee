namespace Penstock.Simulator.OpenAi;

/// <summary><c>POST /images/generations</c>: one grey pixel.</summary>
internal static class ImageEndpoint
{
    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";

    public static HttpReply Answer(Call call)
    {
        var body = call.ReadObject();
        if (body.Find("model") is not null) call.Model(body);
        Parameters.Check(body, Parameters.Image);
        if (body.FindText("prompt") is not { Length: > 0 } prompt) throw new RefusedException(400, "Missing required parameter: 'prompt'.", "prompt", "missing_required_parameter");
        return Reply.Json(JsonBytes.Write(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("created", JsonBytes.Created);
            json.WriteStartArray("data");
            for (var index = 0; index < (body.FindInteger("n") ?? 1); index++)
            {
                json.WriteStartObject();
                if (body.FindText("response_format") == "url") json.WriteString("url", "https://images.invalid/sim.png");
                else json.WriteString("b64_json", Pixel);
                json.WriteString("revised_prompt", prompt);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }
}
