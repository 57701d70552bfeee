using System.Text;
using System.Text.Json;
using Penstock.Json;

namespace Penstock.Snapshot;

/// <summary>
/// Puts variables of the environment in place of <c>${NAME}</c> in the strings of <c>penstock.json</c>, so that keys
/// need not stand in a file. <c>$${</c> stands for the two characters themselves. Member names stay as they are.
/// </summary>
/// <param name="read">Gives a variable's value or null.</param>
internal sealed class EnvironmentReferences(Func<string, string?> read, JsonFaults faults)
{
    private const string Open = "${";

    /// <summary>A message that shows as much of a value is taken to show the value: some messages shorten what they quote.</summary>
    private const int TellingLength = 6;

    private readonly Dictionary<string, string> _used = new(StringComparer.Ordinal);
    private readonly HashSet<int> _failedAt = [];

    /// <summary>Whether the part there holds a reference that could not be replaced; its fault is the first of that place.</summary>
    public bool HasFailedAt(int offset) => _failedAt.Contains(offset);

    /// <summary>The same document with every reference replaced; parts keep their places.</summary>
    public JsonPart Expand(JsonPart part, string path = "") => part.Kind switch
    {
        JsonValueKind.Object => new JsonPart(part.Kind, part.Offset, members: [.. part.Members.Select(member => new KeyValuePair<string, JsonPart>(member.Key, Expand(member.Value, JsonFaults.Join(path, member.Key))))]),
        JsonValueKind.Array => new JsonPart(part.Kind, part.Offset, items: [.. part.Items.Select((item, i) => Expand(item, JsonFaults.Join(path, i)))]),
        JsonValueKind.String when part.Text!.Contains(Open, StringComparison.Ordinal) => new JsonPart(part.Kind, part.Offset, ExpandText(part, path)),
        _ => part,
    };

    /// <summary>The message, unless it quotes what came from the environment: that may be a secret.</summary>
    public string Mask(string message)
    {
        foreach (var (name, value) in _used)
        {
            var telling = value.Length <= TellingLength ? value : value[..TellingLength];
            if (message.Contains(telling, StringComparison.OrdinalIgnoreCase)) return $"What the environment variable '{name}' holds is not valid here.";
        }

        return message;
    }

    private string ExpandText(JsonPart part, string path)
    {
        var text = part.Text!;
        var expanded = new StringBuilder(text.Length);
        var at = 0;
        while (text.IndexOf(Open, at, StringComparison.Ordinal) is >= 0 and var open)
        {
            if (open > at && text[open - 1] == '$')
            {
                expanded.Append(text, at, open - 1 - at).Append(Open);
                at = open + Open.Length;
                continue;
            }

            expanded.Append(text, at, open - at);
            var end = text.IndexOf('}', open);
            var name = end < 0 ? "" : text[(open + Open.Length)..end];
            if (!IsName(name))
            {
                Fail("'${' begins the name of an environment variable, as in ${OPENAI_API_KEY}. Write '$${' for the two characters themselves.", part, path);
                return text;
            }

            expanded.Append(ValueOf(name, part, path));
            at = end + 1;
        }

        return expanded.Append(text, at, text.Length - at).ToString();
    }

    private string ValueOf(string name, JsonPart part, string path)
    {
        if (read(name)?.Trim() is { Length: > 0 } value)
        {
            _used[name] = value;
            return value;
        }

        Fail($"The environment variable '{name}' is not set.", part, path);
        return "";
    }

    private void Fail(string message, JsonPart part, string path)
    {
        faults.Add(path, message, part);
        _failedAt.Add(part.Offset);
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
