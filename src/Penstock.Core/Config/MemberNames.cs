namespace Penstock.Config;

/// <summary>The known members of one kind of object, by their snake_case names.</summary>
internal sealed class MemberNames(IReadOnlyList<string> all)
{
    public IReadOnlyList<string> All { get; } = all;

    /// <summary>The name that a member is known by: in snake_case or in camelCase, no other casing. Null: unknown.</summary>
    public string? Find(string spelled)
    {
        foreach (var name in All)
        {
            if (IsSpelling(spelled, name)) return name;
        }

        return null;
    }

    /// <summary>Whether a member is this snake_case name, or its camelCase form: <c>customHost</c> for <c>custom_host</c>.</summary>
    public static bool IsSpelling(string spelled, string name)
    {
        if (spelled == name) return true;
        var at = 0;
        for (var i = 0; i < name.Length; i++, at++)
        {
            var letter = name[i];
            if (letter == '_' && i > 0 && i + 1 < name.Length && char.IsAsciiLetterOrDigit(name[i + 1])) letter = char.ToUpperInvariant(name[++i]);
            if (at >= spelled.Length || spelled[at] != letter) return false;
        }

        return at == spelled.Length;
    }
}
