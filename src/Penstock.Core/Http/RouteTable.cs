using System.Collections.Frozen;
using Penstock.Providers;

namespace Penstock.Http;

/// <summary>Which operation a path below <c>/v1/</c> asks for.</summary>
internal static class RouteTable
{
    /// <summary>Paths with one operation, for POST alone; with another method they pass through.</summary>
    private static readonly FrozenDictionary<string, Operation> Posts = new Dictionary<string, Operation>
    {
        ["/v1/chat/completions"] = Operation.Chat,
        ["/v1/completions"] = Operation.Completion,
        ["/v1/embeddings"] = Operation.Embedding,
        ["/v1/images/generations"] = Operation.Image,
        ["/v1/images/edits"] = Operation.ImageEdit,
        ["/v1/images/variations"] = Operation.ImageVariation,
        ["/v1/audio/speech"] = Operation.Speech,
        ["/v1/audio/transcriptions"] = Operation.Transcription,
        ["/v1/audio/translations"] = Operation.Translation,
        ["/v1/moderations"] = Operation.Moderation,
        ["/v1/rerank"] = Operation.Rerank,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>First segments with everything below them, for any method.</summary>
    private static readonly FrozenDictionary<string, Operation> Trees = new Dictionary<string, Operation>
    {
        ["responses"] = Operation.Responses,
        ["messages"] = Operation.Messages,
        ["models"] = Operation.Models,
        ["files"] = Operation.Files,
        ["batches"] = Operation.Batches,
        ["fine_tuning"] = Operation.FineTuning,
        ["realtime"] = Operation.Realtime,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The control plane's first segments: never a provider's, whatever the request says.</summary>
    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "api-keys", "configs", "virtual-keys", "providers", "integrations", "prompts", "collections", "labels", "guardrails",
        "policies", "analytics", "audit-logs", "feedback", "logs", "admin", "scim", "secret-references", "datasets");

    public static Operation Find(string method, string path)
    {
        if (method == "POST" && Posts.TryGetValue(path, out var operation)) return operation;
        return Trees.GetValueOrDefault(FirstSegment(path), Operation.Proxy);
    }

    public static bool IsReserved(string path)
    {
        var first = FirstSegment(path);
        return Reserved.Contains(first) || first.StartsWith("mcp-", StringComparison.OrdinalIgnoreCase);
    }

    private static string FirstSegment(string path)
    {
        const int start = 4; // behind "/v1/"
        if (path.Length <= start) return "";
        var end = path.IndexOf('/', start);
        return end < 0 ? path[start..] : path[start..end];
    }
}
