using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Penstock.Config.Conditions;
using Penstock.Json;

namespace Penstock.Config;

/// <summary>Compiles what a query demands of one fact: a literal that it equals, or an object of operators.</summary>
internal sealed class TestCompiler(Compilation compilation)
{
    /// <summary>In UTF-16 units.</summary>
    private const int MaxPatternLength = 4096;

    /// <summary>A compiled one takes some 270 KB, however short it is.</summary>
    private const int MaxPatterns = 64;

    /// <summary>Each may cost <see cref="PatternTimeout"/> per request, and callers write configs.</summary>
    private const int MaxBacktrackingPatterns = 16;

    /// <summary>A pattern that takes longer does not match.</summary>
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(100);

    /// <returns>Null when there are faults.</returns>
    public ImmutableArray<FactTest>? Compile(JsonPart value, string path)
    {
        switch (value.Kind)
        {
            case JsonValueKind.Object:
                ImmutableArray<FactTest?> tests = [.. value.Members.Select(member => CompileOperator(member.Key, member.Value, JsonFaults.Join(path, member.Key)))];
                return tests.Contains(null) ? null : [.. tests!];
            case JsonValueKind.Array when value.Items.Count == 0:
                // As in the reference, an empty list demands nothing.
                return [];
            case JsonValueKind.Array:
                Fault(path, "An array equals nothing. For one of several values write {\"$in\": […]}.", value);
                return null;
            default:
                return [new OneOf([Literal.Read(value)!])];
        }
    }

    private FactTest? CompileOperator(string name, JsonPart value, string path) => name switch
    {
        "$eq" => CompileEqual(value, path),
        "$ne" => Not(CompileEqual(value, path)),
        "$in" => CompileIn(value, path),
        "$nin" => Not(CompileIn(value, path)),
        "$gt" or "$gte" or "$lt" or "$lte" => CompileOrder(name, value, path),
        "$regex" => CompilePattern(value, path),
        "$exists" when value.Kind is JsonValueKind.True or JsonValueKind.False => new IsThere(value.Kind == JsonValueKind.True),
        "$exists" => Fault(path, ConfigObject.Expected("true or false", value), value),
        "$not" when value.Kind == JsonValueKind.Object => Compile(value, path) is { } tests ? new NotAll(tests) : null,
        "$not" => Fault(path, ConfigObject.Expected("an object of operators", value), value),
        _ => Fault(path, $"Unknown operator '{ShortText.Of(name)}'. The operators are {string.Join(", ", ConfigMembers.ValueOperators)}.", value),
    };

    private static NotAll? Not(FactTest? test) => test is null ? null : new NotAll([test]);

    private FactTest? CompileEqual(JsonPart value, string path) => Literal.Read(value) is { } literal
        ? new OneOf([literal])
        : Fault(path, ConfigObject.Expected("a string, number, boolean or null", value), value);

    private FactTest? CompileIn(JsonPart list, string path)
    {
        if (list.Kind != JsonValueKind.Array) return Fault(path, ConfigObject.Expected("an array", list), list);
        var literals = ImmutableArray.CreateBuilder<Literal>(list.Items.Count);
        for (var i = 0; i < list.Items.Count; i++)
        {
            var item = list.Items[i];
            if (Literal.Read(item) is { } literal) literals.Add(literal);
            else Fault(JsonFaults.Join(path, i), ConfigObject.Expected("a string, number, boolean or null", item), item);
        }

        return literals.Count == list.Items.Count ? new OneOf(literals.ToImmutable()) : null;
    }

    private FactTest? CompileOrder(string name, JsonPart value, string path)
    {
        var limit = value.Kind is JsonValueKind.Number or JsonValueKind.String ? NumberPrefix.Parse(Encoding.UTF8.GetBytes(value.Text!)) : double.NaN;
        return double.IsNaN(limit) ? Fault(path, ConfigObject.Expected("a number", value), value) : new Ordered(name, limit);
    }

    private FactTest? CompilePattern(JsonPart value, string path)
    {
        if (value.Kind != JsonValueKind.String) return Fault(path, ConfigObject.Expected("a pattern, as a string,", value), value);
        var pattern = value.Text!;
        if (pattern.Length > MaxPatternLength) return Fault(path, $"The pattern has {pattern.Length} characters; at most {MaxPatternLength} are possible.", value);
        if (++compilation.Patterns > MaxPatterns) return Fault(path, $"The config has more than {MaxPatterns} patterns. Join some of them with '|', or use \"$in\".", value);
        try
        {
            return new Pattern(new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, PatternTimeout));
        }
        catch (NotSupportedException)
        {
            return CompileBacktracking(pattern, value, path);
        }
        catch (ArgumentException e)
        {
            return Fault(path, $"Not a regular expression{PlaceIn(pattern, e)}.", value);
        }
    }

    /// <summary>Where it fails and why; without the pattern, which the framework quotes whole.</summary>
    private static string PlaceIn(string pattern, ArgumentException fault)
    {
        const string words = "' at offset ";
        var at = fault.Message.LastIndexOf(words, StringComparison.Ordinal);
        return at < pattern.Length ? "" : ", at character " + fault.Message[(at + words.Length)..].TrimEnd('.');
    }

    /// <summary>Lookaround, backreferences and very large repeats need the other engine, which only the clock keeps in check.</summary>
    private FactTest? CompileBacktracking(string pattern, JsonPart value, string path)
    {
        if (++compilation.BacktrackingPatterns > MaxBacktrackingPatterns)
        {
            return Fault(path, $"More than {MaxBacktrackingPatterns} patterns use lookaround, backreferences or very large repeats. Write this one without them.", value);
        }

        return new Pattern(new Regex(pattern, RegexOptions.CultureInvariant, PatternTimeout));
    }

    private FactTest? Fault(string path, string message, JsonPart part)
    {
        compilation.Faults.Add(path, message, part);
        return null;
    }
}
