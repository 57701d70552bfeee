namespace Penstock.Json;

/// <summary>
/// A body in pieces, most of them slices of the original. Lives as long as the editor that built it is not started or
/// built again, and as the original body.
/// </summary>
internal readonly struct BodySegments(ReadOnlyMemory<byte>[] segments, int count)
{
    public ReadOnlySpan<ReadOnlyMemory<byte>> Segments => segments.AsSpan(0, count);

    public int Count => count;

    /// <summary>For asynchronous loops, which cannot hold a span.</summary>
    public ReadOnlyMemory<byte> this[int index] => segments[index];

    /// <summary>Bytes in all.</summary>
    public long Length
    {
        get
        {
            var length = 0L;
            foreach (var segment in Segments) length += segment.Length;
            return length;
        }
    }

    public void CopyTo(Span<byte> destination)
    {
        foreach (var segment in Segments)
        {
            segment.Span.CopyTo(destination);
            destination = destination[segment.Length..];
        }
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }
}
