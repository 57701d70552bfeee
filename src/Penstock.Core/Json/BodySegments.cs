namespace Penstock.Json;

/// <summary>
/// A body in pieces, most of them slices of the original. Lives as long as the editor that built it is not started or
/// built again, and as the original body.
/// </summary>
internal readonly struct BodySegments(ReadOnlyMemory<byte>[] segments, int count)
{
    public int Count => count;

    public ReadOnlyMemory<byte> this[int index] => segments[index];

    /// <summary>Bytes in all.</summary>
    public long Length
    {
        get
        {
            var length = 0L;
            foreach (var segment in segments.AsSpan(0, count)) length += segment.Length;
            return length;
        }
    }
}
