using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Penstock.Config;
using Penstock.Providers;

namespace Penstock.Pipeline;

/// <summary>The provider options of a leaf: what headers say, then the config, then the row's defaults.</summary>
internal static class TargetOptions
{
    /// <param name="headers">Null when the target does not read headers.</param>
    public static IReadOnlyDictionary<string, string> Resolve(ProviderRow row, LeafTarget leaf, IHeaderDictionary? headers)
    {
        if (row.Options.Count == 0) return FrozenDictionary<string, string>.Empty;
        Dictionary<string, string>? found = null;
        foreach (var (name, option) in row.Options)
        {
            if (FromHeaders(option, headers) is { } value || leaf.Options.TryGetValue(name, out value) || (value = option.Default) is not null)
            {
                (found ??= new Dictionary<string, string>(StringComparer.Ordinal))[name] = value;
            }
        }

        return found ?? (IReadOnlyDictionary<string, string>)FrozenDictionary<string, string>.Empty;
    }

    private static string? FromHeaders(ProviderOption option, IHeaderDictionary? headers)
    {
        if (headers is null) return null;
        foreach (var name in option.Headers)
        {
            if (headers.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 } value) return value;
        }

        return null;
    }
}
