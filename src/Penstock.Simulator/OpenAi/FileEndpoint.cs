namespace Penstock.Simulator.OpenAi;

/// <summary><c>/files</c>: upload, list, one, its content, delete.</summary>
internal static class FileEndpoint
{
    private static readonly string[] Purposes = ["assistants", "batch", "fine-tune", "vision", "user_data", "evals"];

    public static HttpReply Answer(Call call, FileStore files, string[] rest) => (call.Request.Method, rest) switch
    {
        ("POST", []) => Upload(call, files),
        ("GET", []) => Reply.Json(JsonBytes.List(files.Files, static (file, json) => file.Write(json))),
        ("GET", [var id]) => Reply.Json(JsonBytes.Write(files.Find(id).Write)),
        ("GET", [var id, "content"]) => Reply.Bytes(files.Find(id).Content, "application/octet-stream"),
        ("DELETE", [var id]) => Delete(files, id),
        _ => throw call.WrongMethod(),
    };

    private static HttpReply Upload(Call call, FileStore files)
    {
        var form = MultipartForm.Read(call.Request);
        form.Check(["file", "purpose"], ["expires_after"]);
        var purpose = form.Find("purpose")!.Text;
        if (!Purposes.Contains(purpose)) throw new RefusedException(400, $"'{purpose}' is not one of [{string.Join(", ", Purposes)}] - 'purpose'", "purpose");
        var file = form.Find("file")!;
        return Reply.Json(JsonBytes.Write(files.Add(file.FileName!, purpose, file.Content).Write));
    }

    private static HttpReply Delete(FileStore files, string id)
    {
        files.Remove(id);
        return Reply.Json($$"""{"id":{{ErrorBodies.Quoted(id)}},"object":"file","deleted":true}""");
    }
}
