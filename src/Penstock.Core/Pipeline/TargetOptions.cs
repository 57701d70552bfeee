using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Penstock.Config;
using Penstock.Providers;

namespace Penstock.Pipeline;

/// <summary>
/// The provider options of a leaf: what headers say and what the config says, in an order that depends on who names the
/// provider, then the row's defaults.
/// </summary>
internal static class TargetOptions
{
    /// <param name="headers">Null when the target does not read headers.</param>
    /// <param name="headersFirst">False: headers only fill what the config leaves out.</param>
    public static IReadOnlyDictionary<string, string> Resolve(ProviderRow row, LeafTarget leaf, IHeaderDictionary? headers, bool headersFirst)
    {
        if (row.Options.Count == 0) return FrozenDictionary<string, string>.Empty;
        Dictionary<string, string>? found = null;
        foreach (var (name, option) in row.Options)
        {
            var written = leaf.Options.GetValueOrDefault(name);
            var value = (headersFirst ? FromHeaders(option, headers) ?? written : written ?? FromHeaders(option, headers)) ?? option.Default;
            if (value is not null) (found ??= new Dictionary<string, string>(StringComparer.Ordinal))[name] = value;
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
