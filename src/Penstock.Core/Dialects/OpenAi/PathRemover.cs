using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Penstock.Config;
using Penstock.Json;

namespace Penstock.Dialects.OpenAi;

/// <summary>
/// Takes paths out of a body. A name alone is removed by the editor; below that the value is read once, for all paths
/// into it together, and the pieces are cut out of it in place.
/// </summary>
internal static class PathRemover
{
    /// <param name="paths">At most <see cref="ParamPath.MaxBelowTop"/> of more than one step.</param>
    /// <remarks>All indexes count in the body as it came: <c>a[0]</c> and <c>a[1]</c> together take the first two.</remarks>
    public static void Remove(BodyEditor editor, ImmutableArray<ParamPath> paths)
    {
        foreach (var path in paths)
        {
            if (path.Steps.Count == 1) editor.Remove(path.Steps[0].Name!);
        }

        for (var i = 0; i < paths.Length; i++)
        {
            if (paths[i].Steps.Count > 1 && IsFirstOfItsName(paths, i)) RemoveBelow(editor, paths, i);
        }
    }

    private static bool IsFirstOfItsName(ImmutableArray<ParamPath> paths, int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (paths[i].Steps.Count > 1 && paths[i].Steps[0] == paths[index].Steps[0]) return false;
        }

        return true;
    }

    private static void RemoveBelow(BodyEditor editor, ImmutableArray<ParamPath> paths, int first)
    {
        var name = paths[first].Steps[0].Name!;
        var group = new List<ParamPath>();
        for (var i = first; i < paths.Length; i++)
        {
            if (paths[i].Steps.Count > 1 && paths[i].Steps[0].Name == name) group.Add(paths[i]);
        }

        if (!editor.TryGetRaw(name, out var raw)) return;
        var search = new Search(group);
        var reader = new Utf8JsonReader(raw, new JsonReaderOptions { MaxDepth = BodyScan.MaxDepth });
        reader.Read();
        search.Walk(ref reader, search.All, 1);
        editor.Splice(name, CollectionsMarshal.AsSpan(search.Cuts));
    }

    private sealed class Search(List<ParamPath> paths)
    {
        public List<BodySplice> Cuts { get; } = [];

        public ulong All => paths.Count == ParamPath.MaxBelowTop ? ulong.MaxValue : (1UL << paths.Count) - 1;

        /// <param name="reader">On the first token of a value; afterwards on its last.</param>
        /// <param name="active">The paths that lead here, a bit each.</param>
        /// <param name="depth">The step of theirs that picks a child of this value.</param>
        public void Walk(ref Utf8JsonReader reader, ulong active, int depth)
        {
            if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            var gap = new CommaGap(Cuts, (int)reader.BytesConsumed);
            for (var index = 0; reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray); index++)
            {
                var start = (int)reader.TokenStartIndex;
                var matching = isObject ? Named(ref reader, active, depth) : At(index, active, depth);
                if (isObject) reader.Read();
                var isGone = EndsAny(matching, depth);
                if (isGone || matching == 0) reader.Skip();
                if (!isGone) gap.Keep(start);
                if (!isGone && matching != 0) Walk(ref reader, matching, depth + 1);
                if (isGone) gap.Cut(start, (int)reader.BytesConsumed);
                else gap.End((int)reader.BytesConsumed);
            }

            gap.Close();
        }

        private ulong Named(ref Utf8JsonReader reader, ulong active, int depth)
        {
            var matching = 0UL;
            for (var i = 0; i < paths.Count; i++)
            {
                if ((active & (1UL << i)) != 0 && paths[i].Steps[depth].Name is { } name && JsonEscapes.Means(reader.ValueSpan, reader.ValueIsEscaped, name)) matching |= 1UL << i;
            }

            return matching;
        }

        private ulong At(int index, ulong active, int depth)
        {
            var matching = 0UL;
            for (var i = 0; i < paths.Count; i++)
            {
                if ((active & (1UL << i)) == 0) continue;
                var step = paths[i].Steps[depth];
                if (step.Name is null && (step.Index ?? index) == index) matching |= 1UL << i;
            }

            return matching;
        }

        private bool EndsAny(ulong matching, int depth)
        {
            for (var i = 0; i < paths.Count; i++)
            {
                if ((matching & (1UL << i)) != 0 && paths[i].Steps.Count == depth + 1) return true;
            }

            return false;
        }
    }

    /// <summary>
    /// Which comma goes with a child that is cut: the one before it, or the one behind it as long as none was kept.
    /// </summary>
    private struct CommaGap(List<BodySplice> cuts, int contentStart)
    {
        private int _previousEnd = contentStart;
        private int _openCut = -1;
        private bool _hasKept;

        public void Keep(int start)
        {
            if (_openCut >= 0) cuts.Add(new BodySplice(_openCut, start, default));
            _openCut = -1;
            _hasKept = true;
        }

        public void End(int end) => _previousEnd = end;

        public void Cut(int start, int end)
        {
            if (_hasKept) cuts.Add(new BodySplice(_previousEnd, end, default));
            else if (_openCut < 0) _openCut = start;
            _previousEnd = end;
        }

        public void Close()
        {
            if (_openCut >= 0) cuts.Add(new BodySplice(_openCut, _previousEnd, default));
        }
    }
}
