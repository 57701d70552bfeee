namespace Penstock.Simulator;

/// <summary>What one provider accepts, and how its answers and errors look.</summary>
public sealed record ProviderProfile(string Name)
{
    public static ProviderProfile OpenAi { get; } = new("openai");

    /// <summary>The path under which its API stands; no slash behind it.</summary>
    public string BasePath { get; init; } = "/v1";

    public KeyPlace KeyPlace { get; init; } = KeyPlace.Bearer;

    public IReadOnlyList<string> Roles { get; init; } = ["system", "assistant", "user", "function", "tool", "developer"];
}
