using System.Runtime.InteropServices;
using System.Text;

namespace Penstock.Json;

/// <summary>
/// Changes top-level members of a scanned body without touching the rest: what is not named keeps its bytes, its order
/// and its white space. Used again for every attempt; once warm, an edit allocates nothing.
/// </summary>
/// <remarks>
/// Where the body names a member more than once, the last one counts and every change makes it the only one, so that
/// what was removed or overridden is not there a second time.
/// </remarks>
internal sealed class BodyEditor
{
    private static readonly BodyScan Nothing = new();

    private readonly List<MemberEdit> _edits = [];
    private readonly List<BodySplice> _splices = [];
    private readonly ScratchBytes _scratch = new();
    private readonly BodyWriter _writer = new();
    private BodyScan _scan = Nothing;

    /// <summary>Whether <see cref="Build"/> gives anything but the original.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Begins anew over a body. Segments built before are no longer valid.</summary>
    public void Start(BodyScan scan)
    {
        _scan = scan;
        _edits.Clear();
        _splices.Clear();
        _scratch.Clear();
        IsChanged = false;
        for (var i = 0; i < scan.Count; i++) _edits.Add(new MemberEdit { Member = i });
    }

    /// <summary>Lets go of the body and of every value that was set.</summary>
    public void Clear()
    {
        _writer.Clear();
        Start(Nothing);
    }

    public bool Has(string name) => Find(name) >= 0;

    /// <summary>The value as it now stands, as it is spelled. Valid until the next change.</summary>
    public bool TryGetRaw(string name, out ReadOnlySpan<byte> raw)
    {
        var index = Find(name);
        raw = index < 0 ? default : Value(index).Span;
        return index >= 0;
    }

    /// <param name="rawJson">One valid JSON value; it must live until the built segments are sent.</param>
    public void Set(string name, ReadOnlyMemory<byte> rawJson)
    {
        var index = FindOnly(name);
        if (index < 0)
        {
            _edits.Add(new MemberEdit { Member = -1, NewName = name, NewValue = rawJson });
        }
        else
        {
            if (Value(index).Span.SequenceEqual(rawJson.Span)) return;
            ref var edit = ref Edit(index);
            edit.NewValue = rawJson;
            edit.SpliceCount = 0;
        }

        IsChanged = true;
    }

    /// <summary>Sets a string; what is not Unicode in it becomes U+FFFD.</summary>
    public void SetString(string name, ReadOnlySpan<char> text) => Set(name, _scratch.AddString(text).Take());

    public void SetIfAbsent(string name, ReadOnlyMemory<byte> rawJson)
    {
        if (!Has(name)) Set(name, rawJson);
    }

    public void Remove(string name)
    {
        var index = FindOnly(name);
        if (index < 0) return;
        Edit(index).IsRemoved = true;
        IsChanged = true;
    }

    /// <summary>The member keeps its place. If there is one of the new name already, that one goes.</summary>
    public void Rename(string from, string to)
    {
        if (from == to) return;
        var index = FindOnly(from);
        if (index < 0) return;
        Remove(to);
        Edit(index).NewName = to;
        IsChanged = true;
    }

    /// <summary>Puts a value as the only member of an object: <c>effort</c> becomes <c>reasoning: {"effort": …}</c>, in its place.</summary>
    /// <param name="path">Name of the outer object, then the names within.</param>
    public void Nest(string from, ReadOnlySpan<string> path)
    {
        if (!TryGetRaw(from, out var raw)) return;
        foreach (var name in path[1..]) _scratch.Add("{"u8).AddString(name).Add(":"u8);
        _scratch.Add(raw);
        for (var i = 1; i < path.Length; i++) _scratch.Add("}"u8);
        var nested = _scratch.Take();
        Rename(from, path[0]);
        Set(path[0], nested);
    }

    /// <summary>Exchanges parts of a value; the rest of it stays where it is, however large.</summary>
    /// <param name="splices">In order and apart, counted from the start of what <see cref="TryGetRaw"/> gives.</param>
    public void Splice(string name, ReadOnlySpan<BodySplice> splices)
    {
        if (splices.IsEmpty) return;
        var index = FindOnly(name);
        if (index < 0) return;
        Flatten(index);
        ref var edit = ref Edit(index);
        edit.SpliceStart = _splices.Count;
        edit.SpliceCount = splices.Length;
        _splices.AddRange(splices);
        IsChanged = true;
    }

    /// <summary>The body with all changes: slices of the original wherever nothing changed.</summary>
    public BodySegments Build() =>
        _writer.Write(_scan, CollectionsMarshal.AsSpan(_edits), CollectionsMarshal.AsSpan(_splices), _scratch);

    private ref MemberEdit Edit(int index) => ref CollectionsMarshal.AsSpan(_edits)[index];

    private ReadOnlyMemory<byte> Value(int index)
    {
        Flatten(index);
        ref var edit = ref Edit(index);
        return edit.NewValue ?? Original(edit.Member);
    }

    private ReadOnlyMemory<byte> Original(int member)
    {
        ref readonly var place = ref _scan[member];
        return _scan.Body[place.ValueStart..place.ValueEnd];
    }

    /// <summary>A spliced value that is read or spliced again becomes one piece: rare, and a copy.</summary>
    private void Flatten(int index)
    {
        ref var edit = ref Edit(index);
        if (edit.SpliceCount == 0) return;
        var value = (edit.NewValue ?? Original(edit.Member)).Span;
        var splices = CollectionsMarshal.AsSpan(_splices).Slice(edit.SpliceStart, edit.SpliceCount);
        var at = 0;
        foreach (var splice in splices)
        {
            _scratch.Add(value[at..splice.Start]).Add(splice.With.Span);
            at = splice.End;
        }

        edit.NewValue = _scratch.Add(value[at..]).Take();
        edit.SpliceCount = 0;
    }

    /// <summary>As <see cref="Find"/>, and every other member of the name goes.</summary>
    private int FindOnly(string name)
    {
        var found = Find(name);
        for (var next = found; next >= 0;)
        {
            next = FindBefore(name, next);
            if (next < 0) break;
            Edit(next).IsRemoved = true;
            IsChanged = true;
        }

        return found;
    }

    private int Find(string name) => FindBefore(name, _edits.Count);

    /// <summary>The last member of that name before another one, or -1.</summary>
    private int FindBefore(string name, int before)
    {
        Span<byte> room = stackalloc byte[256];
        var utf8 = Encoding.UTF8.TryGetBytes(name, room, out var length) ? room[..length] : Encoding.UTF8.GetBytes(name);
        for (var i = before - 1; i >= 0; i--)
        {
            ref var edit = ref Edit(i);
            if (edit.IsRemoved) continue;
            if (edit.NewName is null ? _scan.IsNamed(edit.Member, utf8) : edit.NewName == name) return i;
        }

        return -1;
    }
}
