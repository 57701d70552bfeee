using System.Collections.Immutable;
using System.Text.Json;

namespace Penstock.Json;

/// <summary>
/// An object of <c>penstock.json</c> or of the catalogue, read strictly: a member that nobody knows and one of the wrong type are faults, and all of them are
/// found. A member that is null counts as absent.
/// </summary>
internal sealed class StrictObject
{
    private readonly JsonPart _part;
    private readonly string _path;
    private readonly JsonFaults _faults;

    public StrictObject(JsonPart part, string path, JsonFaults faults, params ImmutableArray<string> known)
    {
        _part = part;
        _path = path;
        _faults = faults;
        if (part.Kind != JsonValueKind.Object)
        {
            faults.Add(path, "An object was expected here.", part);
            return;
        }

        foreach (var (name, value) in part.Members)
        {
            if (known.Contains(name)) continue;
            var hint = Spelling.DidYouMean(name, known) ?? $"The known ones are {string.Join(", ", known)}.";
            faults.Add(PathOf(name), $"Unknown member '{ShortText.Of(name)}'. {hint}", value);
        }
    }

    /// <summary>The member, unless it is absent or null.</summary>
    public JsonPart? this[string name] => _part[name] is { IsNull: false } value ? value : null;

    public string PathOf(string name) => JsonFaults.Join(_path, name);

    public void Fault(string name, string message) => _faults.Add(PathOf(name), message, _part[name] ?? _part);

    public string? Text(string name)
    {
        if (this[name] is not { } value) return null;
        if (value is { Kind: JsonValueKind.String, Text.Length: > 0 }) return value.Text;
        Fault(name, "A text that is not empty was expected here.");
        return null;
    }

    public bool Flag(string name)
    {
        if (this[name] is not { } value) return false;
        if (value.Kind is JsonValueKind.True or JsonValueKind.False) return value.Kind == JsonValueKind.True;
        Fault(name, "true or false was expected here.");
        return false;
    }

    /// <summary>A list of texts; null when the member is absent.</summary>
    public ImmutableArray<string>? Texts(string name)
    {
        if (this[name] is not { } value) return null;
        if (value.Kind != JsonValueKind.Array)
        {
            Fault(name, "A list of texts was expected here.");
            return null;
        }

        var texts = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < value.Items.Count; i++)
        {
            if (value.Items[i] is { Kind: JsonValueKind.String, Text: { Length: > 0 } text }) texts.Add(text);
            else _faults.Add(JsonFaults.Join(PathOf(name), i), "A text that is not empty was expected here.", value.Items[i]);
        }

        return texts.ToImmutable();
    }

    /// <summary>An object whose members are texts: old name and new name, say.</summary>
    public ImmutableArray<(string Name, string Text)> Pairs(string name)
    {
        var pairs = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (var (key, value) in Members(name))
        {
            if (value is { Kind: JsonValueKind.String, Text: { Length: > 0 } text }) pairs.Add((key, text));
            else _faults.Add(JsonFaults.Join(PathOf(name), key), "A text that is not empty was expected here.", value);
        }

        return pairs.ToImmutable();
    }

    /// <summary>The members of an object whose names are free.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonPart>> Members(string name)
    {
        if (this[name] is not { } value) return [];
        if (value.Kind == JsonValueKind.Object) return value.Members;
        Fault(name, "An object was expected here.");
        return [];
    }
}
