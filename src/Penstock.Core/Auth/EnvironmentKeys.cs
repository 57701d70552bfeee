using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Penstock.Auth;

/// <summary>
/// Provider keys of the process environment. A variable is read when a row first names it, and not again: rows may join
/// while the program runs, its environment stays.
/// </summary>
/// <param name="read">Gives a variable's value or null.</param>
internal sealed class EnvironmentKeys(Func<string, string?> read)
{
    private readonly ConcurrentDictionary<string, Secret> _byVariable = new(StringComparer.Ordinal);

    /// <summary>The key in the first of these variables that is set; empty when none is.</summary>
    public Secret For(ImmutableArray<string> variables)
    {
        foreach (var variable in variables)
        {
            var key = _byVariable.GetOrAdd(variable, static (name, read) => new Secret(read(name)?.Trim() ?? ""), read);
            if (!key.IsEmpty) return key;
        }

        return default;
    }
}
