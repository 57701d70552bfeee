using System.Collections.Concurrent;
using Penstock.Providers;

namespace Penstock.Auth;

/// <summary>
/// Provider keys of the process environment. Those of the first catalogue are read at start, those of a provider that
/// <c>penstock.json</c> adds later when it is first asked for; none is read twice.
/// </summary>
internal sealed class EnvironmentKeys
{
    private readonly ConcurrentDictionary<string, Secret> _byVariable = new(StringComparer.Ordinal);
    private readonly Func<string, string?> _read;

    /// <param name="read">Gives a variable's value or null.</param>
    public EnvironmentKeys(Catalogue catalogue, Func<string, string?> read)
    {
        _read = read;
        foreach (var row in catalogue.Rows) For(row);
    }

    /// <summary>The key for a provider; empty when the environment has none.</summary>
    public Secret For(ProviderRow row)
    {
        foreach (var variable in row.EnvironmentKeys)
        {
            var key = _byVariable.GetOrAdd(variable, static (name, read) => read(name)?.Trim() is { Length: > 0 } value ? new Secret(value) : default, _read);
            if (!key.IsEmpty) return key;
        }

        return default;
    }
}
