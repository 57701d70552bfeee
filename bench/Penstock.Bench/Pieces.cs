using System.Diagnostics;
using System.Text;
using Penstock.Dialects.OpenAi;
using Penstock.Json;

namespace Penstock.Bench;

/// <summary>The parts of Penstock's own work that a request or a chunk pays for, one by one: time and bytes allocated.</summary>
internal static class Pieces
{
    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(1);

    public static void Run()
    {
        foreach (var bytes in new[] { 1 << 10, 32 << 10, 1 << 20 })
        {
            ReadOnlyMemory<byte> body = Encoding.UTF8.GetBytes($$"""{"model":"gpt-4o","messages":[{"role":"user","content":"{{new string('x', bytes)}}"}],"stream":true}""");
            Measure($"scan a body of {body.Length:N0} bytes", () => BodyScanPool.Return(BodyScanPool.Read(body)));
            var editor = new BodyEditor();
            ReadOnlyMemory<byte> model = "\"gpt-4o-mini\""u8.ToArray();
            Measure("  the same, and replace the model", () =>
            {
                var scan = BodyScanPool.Read(body);
                editor.Start(scan);
                editor.Set("model", model);
                _ = editor.Build().Length;
                BodyScanPool.Return(scan);
            });
        }

        var chunk = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"gpt-4o-mini\",\"system_fingerprint\":\"fp_0123456789\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" token\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n"u8.ToArray();
        var framer = default(SseFramer);
        var watcher = new ChatStreamWatcher(choices: 1);
        Measure($"frame and watch a chunk of {chunk.Length} bytes", () =>
        {
            var whole = framer.Complete(chunk);
            watcher.OnEvents(chunk.AsSpan(0, whole));
        });
        var many = Enumerable.Repeat(chunk, 64).SelectMany(bytes => bytes).ToArray();
        Measure("  64 of them in one read", () =>
        {
            var whole = framer.Complete(many);
            watcher.OnEvents(many.AsSpan(0, whole));
        });
    }

    private static void Measure(string what, Action work)
    {
        // The first stretch is for the JIT.
        _ = Repeat(work);
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var (count, elapsed) = Repeat(work);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        Console.WriteLine($"{what,-44} {elapsed.TotalMicroseconds / count,9:0.000} µs  {(double)allocated / count,7:0.#} B");
    }

    private static (long Count, TimeSpan Elapsed) Repeat(Action work)
    {
        const int batch = 64;
        var start = Stopwatch.GetTimestamp();
        long count = 0;
        TimeSpan elapsed;
        do
        {
            for (var i = 0; i < batch; i++) work();
            count += batch;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (elapsed < Stretch);
        return (count, elapsed);
    }
}
