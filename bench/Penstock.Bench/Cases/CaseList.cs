using Penstock.Bench.Load;

namespace Penstock.Bench.Cases;

/// <summary>All cases, one row each. The rates are such that every gateway here can bear them.</summary>
internal static class CaseList
{
    private const string ChatPath = "/v1/chat/completions";
    private const int ShortPrompt = 200;

    private static readonly Call Chat = new(ChatPath, "canned-small", ShortPrompt, IsStream: false);
    private static readonly Call OneWrite = new(ChatPath, "canned-burst", ShortPrompt, IsStream: true);
    private static readonly Call ManyWrites = new(ChatPath, "canned-paced-0", ShortPrompt, IsStream: true);
    private static readonly Call Paced = new(ChatPath, "canned-paced-10", ShortPrompt, IsStream: true);
    private static readonly Call Silent = new(ChatPath, "canned-paced-20000", ShortPrompt, IsStream: true);

    public static IReadOnlyList<Case> All { get; } =
    [
        new LoadCase("chat", "small chat, 16 connections; latencies at 500 requests/s", Chat, Connections: 16, Rate: 500) { IsQuick = true, HasFloor = true },
        new LoadCase("prompt-32k", "chat with a 32 KB prompt, 16 connections; latencies at 200 requests/s", Chat with { PromptBytes = 32 << 10 }, Connections: 16, Rate: 200),
        new LoadCase("prompt-1m", "chat with a 1 MB prompt, 8 connections; latencies at 20 requests/s", Chat with { PromptBytes = 1 << 20 }, Connections: 8, Rate: 20),
        new LoadCase("embeddings", "embeddings, an answer of 1 MB, 8 connections; latencies at 40 requests/s", new Call("/v1/embeddings", "canned-embeddings", ShortPrompt, IsStream: false), Connections: 8, Rate: 40),
        new LoadCase("burst", "streams of 200 chunks without a pause, each chunk in a write of its own, 16 connections", ManyWrites, Connections: 16, Rate: 0) { IsQuick = true },
        new LoadCase("block", "streams of 200 chunks, all in one write, 16 connections", OneWrite, Connections: 16, Rate: 0),
        new LoadCase("paced", "streams of 200 chunks, one each 10 ms, 50 at a time", Paced, Connections: 50, Rate: 0) { Stagger = TimeSpan.FromSeconds(0.5), IsQuick = true },
        new FirstTokenCase("first-token", "time to the first token of a stream, 100 streams/s", ManyWrites, Rate: 100) { IsQuick = true, HasFloor = true },
        new FootprintCase("footprint", "a new process", Chat, Silent),
    ];

    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Case Find(string name) =>
        All.FirstOrDefault(one => one.Name == name) ?? throw new ArgumentException($"Unknown case '{name}'. There are: {string.Join(", ", All.Select(one => one.Name))}.");
}
