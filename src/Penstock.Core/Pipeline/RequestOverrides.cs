using System.Collections.Immutable;

namespace Penstock.Pipeline;

/// <summary>What request headers say about every target of the tree; each beats the config.</summary>
/// <param name="CustomHost"><c>x-portkey-custom-host</c>.</param>
/// <param name="ForwardHeaders"><c>x-portkey-forward-headers</c>; null: the config's list holds.</param>
/// <param name="HeadersMs"><c>x-portkey-request-timeout</c>.</param>
internal sealed record RequestOverrides(string? CustomHost, ImmutableArray<string>? ForwardHeaders, int? HeadersMs)
{
    public static RequestOverrides None { get; } = new(null, null, null);
}
