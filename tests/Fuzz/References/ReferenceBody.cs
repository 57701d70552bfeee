using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Penstock.Fuzz.Tests.References;

/// <summary>A body as a list of members, changed in the plainest way: what the editor must come to.</summary>
/// <remarks>Of several members of one name the last counts, and a change makes it the only one.</remarks>
internal sealed class ReferenceBody
{
    private readonly List<(string? Name, byte[] Value)> _members = [];

    private ReferenceBody()
    {
    }

    /// <param name="json">A valid object.</param>
    public static ReferenceBody Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 300 });
        var body = new ReferenceBody();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            body._members.Add((ReferenceText.Of(JsonMarshal.GetRawUtf8PropertyName(member)), JsonMarshal.GetRawUtf8Value(member.Value).ToArray()));
        }

        return body;
    }

    /// <summary>The value of a member as it is spelled, or null.</summary>
    public byte[]? this[string name] => Find(name) is >= 0 and var index ? _members[index].Value : null;

    public void Set(string name, byte[] value)
    {
        if (Find(name) is var index and >= 0) _members[index] = (name, value);
        else _members.Add((name, value));
        KeepOnly(name);
    }

    public void SetIfAbsent(string name, byte[] value)
    {
        if (Find(name) < 0) Set(name, value);
    }

    public void SetString(string name, string text) => Set(name, ReferenceText.Quote(text));

    public void Remove(string name) => _members.RemoveAll(member => member.Name == name);

    public void Rename(string from, string to)
    {
        if (from == to || Find(from) < 0) return;
        KeepOnly(from);
        Remove(to);
        var index = Find(from);
        _members[index] = (to, _members[index].Value);
    }

    public void Nest(string from, string[] path)
    {
        if (this[from] is not { } value) return;
        for (var i = path.Length - 1; i > 0; i--) value = [.. "{"u8, .. ReferenceText.Quote(path[i]), .. ":"u8, .. value, .. "}"u8];
        Rename(from, path[0]);
        Set(path[0], value);
    }

    /// <summary>Names as text, values as they are spelled.</summary>
    public override string ToString() =>
        string.Join('\n', _members.Select(member => $"{member.Name ?? "(no Unicode)"} = {Encoding.Latin1.GetString(member.Value)}"));

    private int Find(string name) => _members.FindLastIndex(member => member.Name == name);

    private void KeepOnly(string name)
    {
        var last = Find(name);
        for (var i = last - 1; i >= 0; i--)
        {
            if (_members[i].Name == name) _members.RemoveAt(i);
        }
    }
}
