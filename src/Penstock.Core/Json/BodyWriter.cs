namespace Penstock.Json;

/// <summary>Turns edits into segments. Neighbouring slices of the original grow together into one.</summary>
internal sealed class BodyWriter
{
    private ReadOnlyMemory<byte>[] _segments = new ReadOnlyMemory<byte>[8];
    private int _count;
    private ReadOnlyMemory<byte> _body;
    private int _runStart;
    private int _runEnd;

    public BodySegments Write(BodyScan scan, ReadOnlySpan<MemberEdit> edits, ReadOnlySpan<BodySplice> splices, ScratchBytes scratch)
    {
        Clear();
        _body = scan.Body;
        Keep(0, scan.Count > 0 ? scan[0].NameStart - 1 : scan.ContentStart);
        var isFirst = true;
        foreach (ref readonly var edit in edits)
        {
            if (edit.IsRemoved) continue;
            if (edit.Member < 0)
            {
                if (!isFirst) scratch.Add(","u8);
                Add(scratch.AddString(edit.NewName).Add(":"u8).Take());
                WriteValue(edit.NewValue.GetValueOrDefault(), edit, splices);
            }
            else
            {
                ref readonly var member = ref scan[edit.Member];

                // The separator before a member comes along with it, so that the first one kept has none.
                if (!isFirst) Keep(scan[edit.Member - 1].ValueEnd, member.NameStart - 1);
                WriteMember(member, edit, splices, scratch);
            }

            isFirst = false;
        }

        Keep(scan.Count > 0 ? scan[scan.Count - 1].ValueEnd : scan.ContentStart, _body.Length);
        FlushRun();
        return new BodySegments(_segments, _count);
    }

    /// <summary>Lets go of the body.</summary>
    public void Clear()
    {
        Array.Clear(_segments, 0, _count);
        _count = 0;
        _body = default;
        _runStart = 0;
        _runEnd = 0;
    }

    private void WriteMember(in BodyMember member, in MemberEdit edit, ReadOnlySpan<BodySplice> splices, ScratchBytes scratch)
    {
        if (edit.NewName is null)
        {
            Keep(member.NameStart - 1, member.ValueStart);
        }
        else
        {
            Add(scratch.AddString(edit.NewName).Take());
            Keep(member.NameEnd + 1, member.ValueStart);
        }

        if (edit.NewValue is { } value) WriteValue(value, edit, splices);
        else if (edit.SpliceCount == 0) Keep(member.ValueStart, member.ValueEnd);
        else WriteValue(_body[member.ValueStart..member.ValueEnd], edit, splices);
    }

    private void WriteValue(ReadOnlyMemory<byte> value, in MemberEdit edit, ReadOnlySpan<BodySplice> splices)
    {
        var at = 0;
        foreach (ref readonly var splice in splices.Slice(edit.SpliceStart, edit.SpliceCount))
        {
            Add(value[at..splice.Start]);
            Add(splice.With);
            at = splice.End;
        }

        Add(value[at..]);
    }

    /// <summary>A part of the original.</summary>
    private void Keep(int start, int end)
    {
        if (start != _runEnd)
        {
            FlushRun();
            _runStart = start;
        }

        _runEnd = end;
    }

    private void Add(ReadOnlyMemory<byte> segment)
    {
        if (segment.IsEmpty) return;
        FlushRun();
        _runStart = _runEnd = 0;
        Push(segment);
    }

    private void FlushRun()
    {
        if (_runStart < _runEnd) Push(_body[_runStart.._runEnd]);
        _runStart = _runEnd;
    }

    private void Push(ReadOnlyMemory<byte> segment)
    {
        if (_count == _segments.Length) Array.Resize(ref _segments, _count * 2);
        _segments[_count++] = segment;
    }
}
