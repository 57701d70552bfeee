using System.Collections.Frozen;

namespace Penstock.Simulator;

/// <summary>What one provider accepts, and how its answers and errors look: a row, read by the same code for all.</summary>
public sealed record ProviderProfile(string Name)
{
    public static ProviderProfile OpenAi { get; } = new("openai");

    /// <summary>Deployments in the path, <c>api-version</c> in the query, key in <c>api-key</c>; <c>/v1</c> below the base too.</summary>
    public static ProviderProfile Azure => ProviderProfiles.Azure;

    /// <summary>Every profile, the two above among them.</summary>
    public static IReadOnlyCollection<ProviderProfile> All => ProviderProfiles.All;

    /// <summary>The path under which its API stands; no slash behind it.</summary>
    public string BasePath { get; init; } = "/v1";

    public KeyPlace KeyPlace { get; init; } = KeyPlace.Bearer;

    /// <summary>Whether paths may begin with <c>/deployments/NAME</c> and need an <c>api-version</c> then.</summary>
    public bool HasDeployments { get; init; }

    public IReadOnlyList<string> Roles { get; init; } = ["system", "assistant", "user", "function", "tool", "developer"];

    /// <summary>OpenAI's chat parameters that this provider refuses.</summary>
    public FrozenSet<string> Refused { get; init; } = [];

    /// <summary>Chat parameters that only this provider knows.</summary>
    public FrozenSet<string> Own { get; init; } = [];

    /// <summary>What becomes of a parameter that is neither OpenAI's nor its own.</summary>
    public bool IgnoresUnknown { get; init; }

    /// <summary>Largest <c>temperature</c>.</summary>
    public double MaxTemperature { get; init; } = 2;

    /// <summary>Largest <c>n</c>.</summary>
    public int MaxChoices { get; init; } = 128;

    /// <summary>Values of a textual <c>tool_choice</c>.</summary>
    public IReadOnlyList<string> ToolChoices { get; init; } = ["none", "auto", "required"];

    public ErrorStyle Errors { get; init; } = ErrorStyle.OpenAi;

    /// <summary>Status of a request that is understood but wrong.</summary>
    public int InvalidStatus { get; init; } = 400;

    /// <summary>Whether a call without a User-Agent is refused.</summary>
    public bool NeedsUserAgent { get; init; }

    /// <summary>The member in which reasoning text comes.</summary>
    public string ReasoningMember { get; init; } = "reasoning_content";

    public string StreamLineEnd { get; init; } = "\n";

    /// <summary>A comment line ahead of each event; null for none.</summary>
    public string? StreamComment { get; init; }

    public bool SendsDone { get; init; } = true;

    /// <summary>Whether every stream's last chunk has usage, asked for or not.</summary>
    public bool AlwaysStreamsUsage { get; init; }

    /// <exception cref="ArgumentException">There is none of that name; the message lists them.</exception>
    public static ProviderProfile Find(string name) =>
        All.FirstOrDefault(profile => profile.Name == name)
        ?? throw new ArgumentException($"Unknown profile '{name}'. There are: {string.Join(", ", All.Select(static profile => profile.Name))}.");
}
