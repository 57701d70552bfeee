using System.Collections.Immutable;

namespace Penstock.Pipeline;

/// <summary>What request headers say about every target of the tree; each beats the config.</summary>
/// <param name="CustomHost"><c>x-portkey-custom-host</c>.</param>
/// <param name="ForwardHeaders"><c>x-portkey-forward-headers</c>; null: the config's list holds.</param>
/// <param name="HeadersMs"><c>x-portkey-request-timeout</c>.</param>
/// <param name="IsLoose"><c>x-portkey-strict-open-ai-compliance: false</c>.</param>
internal sealed record RequestOverrides(string? CustomHost, ImmutableArray<string>? ForwardHeaders, int? HeadersMs, bool IsLoose)
{
    public static RequestOverrides None { get; } = new(null, null, null, false);
}
