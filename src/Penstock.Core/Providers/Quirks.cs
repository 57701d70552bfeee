using System.Collections.Immutable;

namespace Penstock.Providers;

/// <summary>
/// What a provider would refuse in an OpenAI-shaped request, and what it wants instead. Everything not named here
/// passes byte for byte.
/// </summary>
internal sealed record Quirks
{
    public static Quirks None { get; } = new();

    /// <summary>
    /// Top-level members under another name. If both names are present the renamed one wins. A dot in the target
    /// nests the value: <c>reasoning_effort → reasoning.effort</c>, left alone when the outer member is present.
    /// </summary>
    public ImmutableArray<(string From, string To)> Rename { get; init; } = [];

    /// <summary>Top-level members that are taken out.</summary>
    public ImmutableArray<string> Remove { get; init; } = [];

    /// <summary>Members that the provider requires, as raw JSON, added when absent.</summary>
    public ImmutableArray<(string Name, byte[] Json)> Default { get; init; } = [];

    /// <summary>String values of top-level members under another name: <c>tool_choice: required → any</c>.</summary>
    public ImmutableArray<(string Member, string From, string To)> Values { get; init; } = [];

    /// <summary>Message roles under another name: <c>developer → system</c>.</summary>
    public ImmutableArray<(string From, string To)> Roles { get; init; } = [];

    /// <summary>A prefix that model names lose: <c>mistralai.</c></summary>
    public string? ModelPrefix { get; init; }

    /// <summary>
    /// Template over the options that replaces <c>model</c>: Azure's deployment on its v1 API. The model stays when an
    /// option is not set.
    /// </summary>
    public Template? Model { get; init; }

    public bool IsEmpty =>
        Rename.IsEmpty && Remove.IsEmpty && Default.IsEmpty && Values.IsEmpty && Roles.IsEmpty && ModelPrefix is null && Model is null;
}
