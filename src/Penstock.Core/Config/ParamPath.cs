using System.Text;
using Penstock.Json;

namespace Penstock.Config;

/// <summary>A path into a JSON body, for <c>drop_params</c>.</summary>
/// <param name="Text">As written.</param>
/// <param name="Steps">A name, an index, or null for "every item". The first one is a name.</param>
internal sealed record ParamPath(string Text, IReadOnlyList<PathStep> Steps)
{
    /// <summary>So many paths of a config may have more than one step: all of them are looked for at once, a bit each.</summary>
    public const int MaxBelowTop = 64;

    /// <summary>Deeper bodies are rare, and a path is walked once for every item it meets.</summary>
    private const int MaxSteps = 64;

    /// <summary>Reads <c>a</c>, <c>a.b</c>, <c>a[0].b</c>, <c>messages[*].name</c>, <c>["a b"].c</c>.</summary>
    /// <exception cref="FormatException">The text is none of these; the message says what was expected.</exception>
    public static ParamPath Parse(string text)
    {
        var steps = new List<PathStep>();
        var at = 0;
        while (at < text.Length || steps.Count == 0)
        {
            var bracket = at < text.Length && text[at] == '[';
            if (!bracket && steps.Count > 0)
            {
                if (text[at] != '.') throw Wrong(text, at, "A '.' or a '[' was expected");
                at++;
            }

            steps.Add(bracket ? ReadBracket(text, ref at) : new PathStep(ReadName(text, ref at), null));
            if (steps.Count > MaxSteps) throw Wrong(text, at, $"A path has at most {MaxSteps} steps; its end was expected");
        }

        if (steps[0].Name is null) throw Wrong(text, 0, "A body is an object, so that a name was expected");
        return new ParamPath(text, steps);
    }

    private static string ReadName(string text, ref int at)
    {
        var rest = text.AsSpan(at);
        var end = rest.IndexOfAny(".[]\"'");
        var name = end < 0 ? rest : rest[..end];
        if (name.IsWhiteSpace()) throw Wrong(text, at, "A name was expected");
        at += name.Length;
        return name.ToString();
    }

    private static PathStep ReadBracket(string text, ref int at)
    {
        at++;
        var step = at < text.Length && text[at] is '"' or '\''
            ? new PathStep(ReadQuoted(text, ref at), null)
            : ReadIndex(text, ref at);
        if (at >= text.Length || text[at] != ']') throw Wrong(text, at, "A ']' was expected");
        at++;
        return step;
    }

    private static PathStep ReadIndex(string text, ref int at)
    {
        if (at < text.Length && text[at] == '*')
        {
            at++;
            return new PathStep(null, null);
        }

        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return int.TryParse(text.AsSpan(start, at - start), out var index)
            ? new PathStep(null, index)
            : throw Wrong(text, start, "An index, '*' or a quoted name was expected");
    }

    private static string ReadQuoted(string text, ref int at)
    {
        var quote = text[at++];
        var name = new StringBuilder();
        for (; at < text.Length && text[at] != quote; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length) at++;
            name.Append(text[at]);
        }

        if (at >= text.Length) throw Wrong(text, at, "A closing quote was expected");
        at++;
        return name.ToString();
    }

    private static FormatException Wrong(string text, int at, string expected) =>
        new(at < text.Length
            ? $"'{ShortText.Of(text)}' is not a path into a body. {expected} at '{ShortText.Of(text[at..])}'."
            : $"'{ShortText.Of(text)}' is not a path into a body. {expected} at its end.");
}

/// <param name="Name">Member name, or null for an array step.</param>
/// <param name="Index">Item, or null for every item; only with a null name.</param>
internal readonly record struct PathStep(string? Name, int? Index);
