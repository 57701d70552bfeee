using System.Collections;

namespace Penstock.Simulator;

/// <summary>Headers exactly as they came: names as spelled, all values, in order. Looked up without regard to case.</summary>
public sealed class ReceivedHeaders : IReadOnlyList<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _lines;

    internal ReceivedHeaders(List<KeyValuePair<string, string>> lines) => _lines = lines;

    public int Count => _lines.Count;

    /// <summary>The value, several joined by ", "; null when the header did not come.</summary>
    public string? this[string name]
    {
        get
        {
            var values = All(name);
            return values.Count == 0 ? null : string.Join(", ", values);
        }
    }

    public KeyValuePair<string, string> this[int index] => _lines[index];

    public bool Contains(string name) => All(name).Count > 0;

    public IReadOnlyList<string> All(string name)
    {
        List<string>? values = null;
        foreach (var line in _lines)
        {
            if (line.Key.Equals(name, StringComparison.OrdinalIgnoreCase)) (values ??= []).Add(line.Value);
        }

        return values ?? (IReadOnlyList<string>)[];
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _lines.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
