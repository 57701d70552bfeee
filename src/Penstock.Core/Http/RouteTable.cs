using System.Collections.Frozen;
using Penstock.Providers;

namespace Penstock.Http;

/// <summary>Which operation a path below <c>/v1/</c> asks for.</summary>
internal static class RouteTable
{
    /// <summary>Behind <c>/v1/</c>.</summary>
    private const int Start = 4;

    /// <summary>Paths with one operation, for POST alone; with another method they pass through.</summary>
    private static readonly FrozenDictionary<string, Operation> Posts = OperationFacts.All
        .Where(facts => !facts.IsTree)
        .ToFrozenDictionary(facts => "/v1" + facts.Path, facts => facts.Operation, StringComparer.Ordinal);

    /// <summary>First segments with everything below them, for any method.</summary>
    private static readonly FrozenDictionary<string, Operation>.AlternateLookup<ReadOnlySpan<char>> Trees = OperationFacts.All
        .Where(facts => facts.IsTree)
        .ToFrozenDictionary(facts => facts.Path[1..], facts => facts.Operation, StringComparer.Ordinal)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The control plane's first segments: never a provider's, whatever the request says.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Reserved = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "api-keys", "configs", "virtual-keys", "providers", "integrations", "prompts", "collections", "labels", "guardrails",
        "policies", "analytics", "audit-logs", "feedback", "logs", "admin", "scim", "secret-references", "datasets")
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What may pass: TRACE, for one, makes a server send back the headers it got, keys and all.</summary>
    public const string Methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    public static bool Takes(string method) => method is "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS";

    public static Operation Find(string method, string path)
    {
        if (method == "POST" && Posts.TryGetValue(path, out var operation)) return operation;
        return Trees.TryGetValue(FirstSegment(path), out operation) ? operation : Operation.Proxy;
    }

    /// <remarks>
    /// Empty segments and an encoded slash, the one thing that the server leaves encoded, do not lead around it: what the
    /// provider makes of them is not ours to know.
    /// </remarks>
    public static bool IsReserved(string path)
    {
        var rest = path.AsSpan(Math.Min(Start, path.Length)).TrimStart('/');
        var end = rest.IndexOfAny('/', '%');
        var first = end < 0 ? rest : rest[..end];
        return Reserved.Contains(first) || first.StartsWith("mcp-", StringComparison.OrdinalIgnoreCase);
    }

    private static ReadOnlySpan<char> FirstSegment(ReadOnlySpan<char> path)
    {
        if (path.Length <= Start) return [];
        path = path[Start..];
        var end = path.IndexOf('/');
        return end < 0 ? path : path[..end];
    }
}
