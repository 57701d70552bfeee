namespace Penstock.Providers;

/// <summary>Where one operation is.</summary>
internal sealed record OperationPlace
{
    /// <summary>Null for pass-through paths.</summary>
    public OperationFacts? Facts { get; init; }

    public bool IsOffered { get; init; } = true;

    public Template? Base { get; init; }

    public Template Path { get; init; } = "";

    /// <summary>What the path carries behind its question mark.</summary>
    public Template? Query { get; init; }

    public string? Ready { get; init; }

    /// <summary>Whether the raw target is the operation's plain OpenAI path, so that <see cref="Ready"/> is the answer.</summary>
    public bool IsPlain(string rawTarget) =>
        Facts is not null
        && rawTarget.Length == Facts.Path.Length + 3
        && rawTarget.StartsWith("/v1", StringComparison.Ordinal)
        && rawTarget.EndsWith(Facts.Path, StringComparison.Ordinal);
}
