using System.Net;
using System.Text;

namespace Penstock.Bench.Load;

/// <summary>A request that a case makes, before it is put into a gateway's words.</summary>
/// <param name="Model">Also tells the simulator which canned answer is wanted.</param>
/// <param name="PromptBytes">Length of the text that is sent.</param>
internal sealed record Call(string Path, string Model, int PromptBytes, bool IsStream)
{
    /// <summary>The whole HTTP/1.1 request.</summary>
    /// <param name="model">What the body says; a gateway may be told to replace it.</param>
    public byte[] ToHttp(IPEndPoint address, string model, IEnumerable<(string Name, string Value)> headers)
    {
        var body = Encoding.UTF8.GetBytes(Body(model));
        var head = new StringBuilder($"POST {Path} HTTP/1.1\r\nHost: {address}\r\nAccept: application/json\r\nContent-Type: application/json\r\nUser-Agent: OpenAI/JS 5.0.0\r\nAuthorization: Bearer sk-bench-0123456789\r\nContent-Length: {body.Length}\r\n");
        foreach (var (name, value) in headers) head.Append(name).Append(": ").Append(value).Append("\r\n");
        return [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. body];
    }

    private string Body(string model) => Path.EndsWith("/embeddings", StringComparison.Ordinal)
        ? $$"""{"model":"{{model}}","input":"{{Prompt()}}"}"""
        : $$"""{"model":"{{model}}","messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"{{Prompt()}}"}],"temperature":0.7,"max_tokens":256{{(IsStream ? ",\"stream\":true" : "")}}}""";

    /// <summary>Text with an escape now and then, as JSON that comes from people has.</summary>
    private string Prompt()
    {
        const string line = "The penstock carries the water from the forebay down to the turbine.\\n";
        var text = new StringBuilder(PromptBytes + line.Length);
        while (text.Length < PromptBytes) text.Append(line);
        return text.ToString();
    }
}
