using System.Text;
using System.Text.Json;

namespace Penstock.Simulator.OpenAi;

/// <summary><c>/batches</c>: a batch is done the first time that somebody asks for it.</summary>
internal static class BatchEndpoint
{
    public static HttpReply Answer(Call call, FileStore files, string[] rest) => (call.Request.Method, rest) switch
    {
        ("POST", []) => Create(call, files),
        ("GET", []) => Reply.Json(JsonBytes.List(files.Batches, static (batch, json) => batch.Write(json))),
        ("GET", [var id]) => Reply.Json(JsonBytes.Write(Finished(files, id).Write)),
        ("POST", [var id, "cancel"]) => Reply.Json(JsonBytes.Write(files.Keep(files.FindBatch(id) with { Status = "cancelling" }).Write)),
        _ => throw call.WrongMethod(),
    };

    private static HttpReply Create(Call call, FileStore files)
    {
        var body = call.ReadObject();
        Parameters.Check(body, Parameters.Batch);
        foreach (var name in (string[])["input_file_id", "endpoint", "completion_window"])
        {
            if (body.FindText(name) is null) throw new RefusedException(400, $"Missing required parameter: '{name}'.", name, "missing_required_parameter");
        }

        var file = files.Find(body.FindText("input_file_id")!);
        if (file.Purpose != "batch") throw new RefusedException(400, $"The file '{file.Id}' has the purpose '{file.Purpose}': expected 'batch'.", "input_file_id");
        return Reply.Json(JsonBytes.Write(files.Add(body.FindText("endpoint")!, file.Id, body.FindText("completion_window")!).Write));
    }

    private static StoredBatch Finished(FileStore files, string id)
    {
        var batch = files.FindBatch(id);
        if (batch.Status != "validating") return batch;
        var output = new StringBuilder();
        foreach (var line in Encoding.UTF8.GetString(files.Find(batch.InputFileId).Content.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries)) output.Append(Line(line)).Append('\n');
        var file = files.Add("output.jsonl", "batch_output", Encoding.UTF8.GetBytes(output.ToString()));
        return files.Keep(batch with { Status = "completed", OutputFileId = file.Id });
    }

    private static string Line(string input)
    {
        using var document = JsonDocument.Parse(input);
        var root = document.RootElement;
        var body = root.Find("body") ?? root;
        var answer = Encoding.UTF8.GetString(ChatWriter.Whole(ChatAnswer.To(body, body.FindText("model") ?? "", 0)));
        return $$"""{"id":"batch_req_sim","custom_id":{{ErrorBodies.Quoted(root.FindText("custom_id"))}},"response":{"status_code":200,"request_id":"req_sim","body":{{answer}}},"error":null}""";
    }
}
