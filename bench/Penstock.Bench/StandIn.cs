using System.Net;
using System.Text;

namespace Penstock.Bench;

internal static class StandIn
{
    private static readonly byte[] Chat = Encoding.UTF8.GetBytes($$$"""{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt","choices":[{"index":0,"message":{"role":"assistant","content":"{{{new string('x', 450)}}}","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}}""");
    private static readonly byte[] Embedding = Encoding.UTF8.GetBytes($$$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":[{{{string.Join(',', Enumerable.Repeat("-0.0123456789", 75000))}}}]}],"model":"text-embedding-3-small","usage":{"prompt_tokens":8,"total_tokens":8}}""");
    private static readonly byte[] First = Event("{\"role\":\"assistant\",\"content\":\"\"}", "null");
    private static readonly byte[] Chunk = Event("{\"content\":\" token\"}", "null");
    private static readonly byte[] End = [.. Event("{}", "\"stop\""), .. "data: [DONE]\n\n"u8];

    private static byte[] Event(string delta, string finish) => Encoding.UTF8.GetBytes($$$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o-mini","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{{{delta}}},"logprobs":null,"finish_reason":{{{finish}}}}]}""" + "\n\n");

    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        await using var app = builder.Build();
        app.Run(async context =>
        {
            var stop = context.RequestAborted;
            var start = "";
            while (true)
            {
                var read = await context.Request.BodyReader.ReadAsync(stop);
                if (start.Length == 0) start = Encoding.UTF8.GetString(read.Buffer.FirstSpan[..Math.Min(60, read.Buffer.FirstSpan.Length)]);
                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted) break;
            }

            var response = context.Response;
            if (!start.Contains("stream", StringComparison.Ordinal))
            {
                var body = context.Request.Path.Value!.EndsWith("embeddings", StringComparison.Ordinal) ? Embedding : Chat;
                response.ContentType = "application/json";
                response.ContentLength = body.Length;
                await response.BodyWriter.WriteAsync(body, stop);
                return;
            }

            response.ContentType = "text/event-stream";
            var pause = start.Contains("paced-10-", StringComparison.Ordinal) ? 10 : start.Contains("paced-60000", StringComparison.Ordinal) ? 60000 : 0;
            await response.BodyWriter.WriteAsync(First, stop);
            for (var i = 0; i < 200; i++)
            {
                if (pause > 0) await Task.Delay(pause, stop);
                await response.BodyWriter.WriteAsync(Chunk, stop);
            }

            await response.BodyWriter.WriteAsync(End, stop);
        });
        await app.RunAsync();
    }
}
