using System.Diagnostics;
using System.Text.Json;
using Penstock.Json;

namespace Penstock.Config;

/// <summary>
/// An object of a config whose members are read by name, either spelling. What has the wrong type becomes a fault when it
/// is read, and reads as missing; so each member is read once.
/// </summary>
internal sealed class ConfigObject
{
    private readonly JsonFaults _faults;
    private readonly MemberNames _names;
    private readonly Dictionary<string, KeyValuePair<string, JsonPart>> _known = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, JsonPart>> _others = [];

    private ConfigObject(JsonPart part, string path, MemberNames names, JsonFaults faults)
    {
        Part = part;
        Path = path;
        _names = names;
        _faults = faults;
        foreach (var member in part.Members)
        {
            if (names.Find(member.Key) is not { } name) _others.Add(member);
            else if (!_known.TryAdd(name, member)) Fault(member.Key, $"'{_known[name].Key}' and '{member.Key}' are the same member. Give it once.", member.Value);
        }
    }

    public JsonPart Part { get; }

    public string Path { get; }

    /// <summary>Members that the table does not know.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonPart>> Others => _others;

    /// <returns>Null, and a fault, when the part is no object.</returns>
    public static ConfigObject? Read(JsonPart part, string path, MemberNames names, JsonFaults faults)
    {
        if (part.Kind == JsonValueKind.Object) return new ConfigObject(part, path, names, faults);
        faults.Add(path, Expected("an object", part, quotesNumber: false), part);
        return null;
    }

    public bool Has(string name) => Get(name) is not null;

    /// <summary>A member of any type, or null.</summary>
    public JsonPart? Get(string name)
    {
        Debug.Assert(_names.All.Contains(name), $"{name} is missing in the table of members.");
        return _known.TryGetValue(name, out var member) ? member.Value : null;
    }

    /// <summary>The path of a known member, as it is spelled.</summary>
    public string PathOf(string name) => JsonFaults.Join(Path, _known.TryGetValue(name, out var member) ? member.Key : name);

    public void Fault(string name, string message) => _faults.Add(PathOf(name), message, Get(name) ?? Part);

    /// <summary>A fault of a member that the table does not know.</summary>
    public void FaultOther(string spelled, string message) => Fault(spelled, message, _others.Find(member => member.Key == spelled).Value);

    public void FaultHere(string message) => _faults.Add(Path, message, Part);

    public string? Text(string name) => Of(name, JsonValueKind.String, "a string")?.Text;

    public bool? Flag(string name)
    {
        if (Get(name) is not { } part) return null;
        if (part.Kind is JsonValueKind.True or JsonValueKind.False) return part.Kind == JsonValueKind.True;
        Fault(name, Expected("true or false", part));
        return null;
    }

    /// <summary>A number that is not negative.</summary>
    public double? Number(string name)
    {
        if (Get(name) is not { } part) return null;
        if (part.TryGetNumber(out var number) && number >= 0) return number;
        Fault(name, Expected("a number from 0", part));
        return null;
    }

    public ConfigObject? Object(string name, MemberNames names) =>
        Get(name) is { } part ? Read(part, PathOf(name), names, _faults) : null;

    /// <summary>The members of an object that is kept as it is.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonPart>>? Members(string name) => Of(name, JsonValueKind.Object, "an object")?.Members;

    public IReadOnlyList<JsonPart>? Array(string name) => Of(name, JsonValueKind.Array, "an array")?.Items;

    /// <summary>An array of strings; items that are none are left out, each with its fault.</summary>
    public IReadOnlyList<(string Text, string Path, JsonPart Part)>? Texts(string name)
    {
        if (Array(name) is not { } items) return null;
        var texts = new List<(string, string, JsonPart)>(items.Count);
        foreach (var (path, item) in Numbered(name, items))
        {
            if (item.Kind == JsonValueKind.String) texts.Add((item.Text!, path, item));
            else _faults.Add(path, Expected("a string", item, quotesNumber: false), item);
        }

        return texts;
    }

    /// <summary>An array of HTTP statuses.</summary>
    public StatusSet? Statuses(string name)
    {
        if (Array(name) is not { } items) return null;
        var statuses = new List<int>(items.Count);
        foreach (var (path, item) in Numbered(name, items))
        {
            if (item.TryGetNumber(out var status) && status is >= 100 and <= 599 && double.IsInteger(status)) statuses.Add((int)status);
            else _faults.Add(path, Expected("an HTTP status, a whole number from 100 to 599", item), item);
        }

        return new StatusSet(statuses);
    }

    /// <summary>The items of an array, each with its path.</summary>
    public IEnumerable<(string Path, JsonPart Item)> Numbered(string name, IReadOnlyList<JsonPart> items)
    {
        var path = PathOf(name);
        for (var i = 0; i < items.Count; i++) yield return (JsonFaults.Join(path, i), items[i]);
    }

    /// <summary>"An object was expected, not a string." Never the value: it may be a key.</summary>
    /// <param name="quotesNumber">Where a number was expected, a wrong one is shown.</param>
    public static string Expected(string expected, JsonPart found, bool quotesNumber = true) =>
        $"{char.ToUpperInvariant(expected[0])}{expected[1..]} was expected, not {Describe(found, quotesNumber)}.";

    private static string Describe(JsonPart part, bool quotesNumber) => part.Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number when !quotesNumber => "a number",
        JsonValueKind.Number => part.Text!.Length <= 16 ? part.Text : "such a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    private JsonPart? Of(string name, JsonValueKind kind, string expected)
    {
        if (Get(name) is not { } part || part.Kind == kind) return Get(name);
        Fault(name, Expected(expected, part, quotesNumber: false));
        return null;
    }

    private void Fault(string spelled, string message, JsonPart part) => _faults.Add(JsonFaults.Join(Path, spelled), message, part);
}
