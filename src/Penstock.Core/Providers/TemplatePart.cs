using System.Collections.Immutable;

namespace Penstock.Providers;

/// <summary>Where a placeholder stands; it decides which values are let in and how they are escaped.</summary>
internal enum TemplatePlace
{
    /// <summary>In a path or query: an option must be a plain token, a model becomes one segment.</summary>
    Path,

    /// <summary>In a host: an option must be letters, digits and hyphens.</summary>
    Host,

    /// <summary>At the start: in an address the value is a whole URL.</summary>
    Start,

    /// <summary>A model whose slashes separate segments.</summary>
    Slashes,
}

/// <param name="Literal">Fixed text, when there are no names.</param>
/// <param name="Names">Options, or <c>model</c>; the first that is set counts.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record TemplatePart(string Literal, ImmutableArray<string> Names, TemplatePlace Place)
{
    /// <param name="value">The text that belongs here, not yet checked or escaped.</param>
    /// <returns>Whose value it is, empty for fixed text; null when none of the names is set.</returns>
    public string? Find(IReadOnlyDictionary<string, string> options, string? model, out string value)
    {
        value = Literal;
        if (Names.IsEmpty) return "";
        foreach (var name in Names)
        {
            if (options.TryGetValue(name, out var found) && found.Length > 0)
            {
                value = found;
                return name;
            }

            if (name == Template.Model && model is { Length: > 0 })
            {
                value = model;
                return name;
            }
        }

        return null;
    }
}
