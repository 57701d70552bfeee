using System.Collections.Concurrent;
using Penstock.Providers;

namespace Penstock.Auth;

/// <summary>
/// Provider keys of the process environment. A variable is read when a row first names it, and not again: rows may join
/// while the program runs, its environment stays.
/// </summary>
/// <param name="read">Gives a variable's value or null.</param>
internal sealed class EnvironmentKeys(Func<string, string?> read)
{
    private readonly ConcurrentDictionary<string, Secret> _byVariable = new(StringComparer.Ordinal);

    /// <summary>The key for a provider; empty when the environment has none.</summary>
    public Secret For(ProviderRow row)
    {
        foreach (var variable in row.EnvironmentKeys)
        {
            var key = _byVariable.GetOrAdd(variable, static (name, read) => new Secret(read(name)?.Trim() ?? ""), read);
            if (!key.IsEmpty) return key;
        }

        return default;
    }
}
