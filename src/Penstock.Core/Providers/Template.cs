using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Penstock.Providers;

/// <summary>
/// Text with placeholders, read once with its row and filled for each request: <c>{name}</c> is an option of the target,
/// <c>{a|b}</c> the first of several that is set, <c>{model}</c> the request's model in one path segment
/// (<c>a/b</c> becomes <c>a%2Fb</c>), <c>{+model}</c> the same with its slashes left as they are.
/// </summary>
internal sealed class Template
{
    /// <summary>The placeholder that is no option.</summary>
    public const string Model = "model";

    private readonly ImmutableArray<TemplatePart> _parts;

    private Template(string text, ImmutableArray<TemplatePart> parts)
    {
        Text = text;
        _parts = parts;
        IsFixed = parts.All(part => part.Names.IsEmpty);
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Whether it has no placeholders, so that it is its own value.</summary>
    public bool IsFixed { get; }

    /// <summary>Every name in its placeholders.</summary>
    public IEnumerable<string> Names => _parts.SelectMany(part => part.Names);

    public ImmutableArray<TemplatePart> Parts => _parts;

    /// <exception cref="FormatException">A placeholder is none; the message says what was expected.</exception>
    public static Template Parse(string text)
    {
        var parts = ImmutableArray.CreateBuilder<TemplatePart>();
        for (var at = 0; at < text.Length;)
        {
            var brace = text.AsSpan(at).IndexOfAny('{', '}');
            var literal = brace < 0 ? text[at..] : text[at..(at + brace)];
            if (literal.Length > 0) parts.Add(new TemplatePart(literal, [], default));
            if (brace < 0) break;
            at += brace;
            var end = text.IndexOf('}', at);
            if (text[at] == '}' || end < 0) throw new FormatException("The text has a brace without its partner: a placeholder is {name}.");
            parts.Add(ReadPlaceholder(text[(at + 1)..end], text[..at]));
            at = end + 1;
        }

        return new Template(text, parts.ToImmutable());
    }

    public static implicit operator Template(string text) => Parse(text);

    public override string ToString() => Text;

    /// <summary>Fills in the values as they are: for headers and bodies, whose writers check or escape them.</summary>
    /// <returns>False when an option is not set.</returns>
    public bool TryFill(IReadOnlyDictionary<string, string> options, out string value)
    {
        value = Text;
        if (IsFixed) return true;
        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[256]);
        foreach (var part in _parts)
        {
            if (part.Find(options, null, out var found) is null)
            {
                text.Clear();
                return false;
            }

            text.AppendLiteral(found);
        }

        value = text.ToStringAndClear();
        return true;
    }

    /// <returns>Null when an option is not set.</returns>
    public string? Fill(IReadOnlyDictionary<string, string> options) => TryFill(options, out var value) ? value : null;

    private static TemplatePart ReadPlaceholder(string inside, string before)
    {
        var keepsSlashes = inside == "+" + Model;
        ImmutableArray<string> names = keepsSlashes ? [Model] : [.. inside.Split('|')];
        foreach (var name in names)
        {
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
            {
                throw new FormatException("What stands between the braces is no placeholder: {name}, {a|b} or {+model} was expected, names in snake_case.");
            }
        }

        return new TemplatePart("", names, keepsSlashes ? TemplatePlace.Slashes : PlaceBehind(before));
    }

    private static TemplatePlace PlaceBehind(string before)
    {
        if (before.Length == 0) return TemplatePlace.Start;
        var host = before.IndexOf("://", StringComparison.Ordinal);
        return host >= 0 && before.IndexOf('/', host + 3) < 0 ? TemplatePlace.Host : TemplatePlace.Path;
    }
}
