namespace Penstock.Json;

/// <summary>Finds the name that somebody meant to write.</summary>
internal static class Spelling
{
    /// <summary>What is longer is no name, and comparing takes the product of both lengths.</summary>
    private const int MaxTyped = 64;

    /// <returns>The nearest of the known names, or null when none is near enough to be meant.</returns>
    public static string? Nearest(string typed, IEnumerable<string> known)
    {
        if (typed.Length > MaxTyped) return null;
        var plain = Plain(typed);
        var allowed = Math.Max(1, plain.Length / 4);
        string? best = null;
        foreach (var name in known)
        {
            var other = Plain(name);
            if (Math.Abs(plain.Length - other.Length) > allowed) continue; // so many letters at least must come or go
            var distance = Distance(plain, other);
            if (distance > allowed) continue;
            best = name;
            if (distance == 0) break;
            allowed = distance - 1; // the first of equals stays
        }

        return best;
    }

    /// <returns>The second sentence of a message about a name that is not known; null when no known one is near.</returns>
    public static string? DidYouMean(string typed, IEnumerable<string> known) =>
        Nearest(typed, known) is { } near ? $"Did you mean '{near}'?" : null;

    /// <summary>Case and separators do not count: <c>OpenRouter</c>, <c>open-router</c> and <c>open_router</c> are one.</summary>
    public static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant));

    /// <summary>Letters to insert, remove, replace or swap with their neighbour.</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                var isSwap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if (isSwap) rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
