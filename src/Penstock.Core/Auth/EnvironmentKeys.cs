using System.Collections.Frozen;
using Penstock.Providers;

namespace Penstock.Auth;

/// <summary>Provider keys of the process environment, read once at start.</summary>
internal sealed class EnvironmentKeys
{
    private readonly FrozenDictionary<string, Secret> _byVariable;

    /// <param name="read">Gives a variable's value or null.</param>
    public EnvironmentKeys(Catalogue catalogue, Func<string, string?> read)
    {
        var found = new Dictionary<string, Secret>(StringComparer.Ordinal);
        foreach (var variable in catalogue.Rows.SelectMany(row => row.EnvironmentKeys))
        {
            if (read(variable)?.Trim() is { Length: > 0 } value) found[variable] = new Secret(value);
        }

        _byVariable = found.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The key for a provider; empty when the environment has none.</summary>
    public Secret For(ProviderRow row)
    {
        foreach (var variable in row.EnvironmentKeys)
        {
            if (_byVariable.TryGetValue(variable, out var key)) return key;
        }

        return default;
    }
}
