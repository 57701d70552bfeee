using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Penstock.Config;

namespace Penstock.Fuzz.Tests.References;

/// <summary>A value as a tree from which paths are taken out.</summary>
internal sealed class ReferenceTree
{
    private readonly List<(string? Name, ReferenceTree Value)> _children = [];
    private readonly JsonValueKind _kind;
    private readonly string _raw;
    private bool _isGone;

    private ReferenceTree(JsonElement element)
    {
        _kind = element.ValueKind;
        _raw = Encoding.Latin1.GetString(JsonMarshal.GetRawUtf8Value(element));
        if (_kind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject()) _children.Add((ReferenceText.Of(JsonMarshal.GetRawUtf8PropertyName(member)), new ReferenceTree(member.Value)));
        }
        else if (_kind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray()) _children.Add((null, new ReferenceTree(item)));
        }
    }

    public static ReferenceTree Read(byte[] json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 300 });
        return new ReferenceTree(document.RootElement);
    }

    /// <summary>
    /// Marks what the paths lead to; all of them count in the body as it came. Of a top-level name that is there more
    /// than once the last one counts, and is the only one left once something was taken out of it.
    /// </summary>
    public void Remove(ImmutableArray<ParamPath> paths)
    {
        foreach (var path in paths)
        {
            var all = _children.FindAll(child => child.Name == path.Steps[0].Name);
            if (all.Count == 0) continue;
            if (path.Steps.Count == 1) all.ForEach(child => child.Value._isGone = true);
            else if (all[^1].Value.Mark(path, 1)) all.SkipLast(1).ToList().ForEach(child => child.Value._isGone = true);
        }
    }

    /// <summary>What is left: names as text, values as they are spelled.</summary>
    public override string ToString()
    {
        if (_kind is not (JsonValueKind.Object or JsonValueKind.Array)) return _raw;
        var left = _children.Where(child => !child.Value._isGone).Select(child => _kind == JsonValueKind.Object ? $"{child.Name ?? "(no Unicode)"}:{child.Value}" : child.Value.ToString());
        return _kind == JsonValueKind.Object ? "{" + string.Join(',', left) + "}" : "[" + string.Join(',', left) + "]";
    }

    private bool Mark(ParamPath path, int depth)
    {
        var step = path.Steps[depth];
        var isMarked = false;
        for (var i = 0; i < _children.Count; i++)
        {
            var (name, value) = _children[i];
            var isMeant = _kind == JsonValueKind.Object ? step.Name is not null && name == step.Name : step.Name is null && (step.Index ?? i) == i;
            if (!isMeant) continue;
            if (depth + 1 < path.Steps.Count) isMarked |= value.Mark(path, depth + 1);
            else isMarked = value._isGone = true;
        }

        return isMarked;
    }
}
