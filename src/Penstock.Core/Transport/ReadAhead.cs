using Penstock.Json;

namespace Penstock.Transport;

/// <summary>
/// What was read from a connection beyond what was asked for. The client library reads by 4 KB, and from a busy sender a
/// system call for each of them costs more than copying once. Holds a buffer only while bytes are in it or on their way.
/// </summary>
/// <remarks>A buffer whose read failed is left to the garbage collector: nobody knows who may still write into it.</remarks>
internal struct ReadAhead
{
    public const int Bytes = 32 << 10;

    private byte[]? _buffer;
    private int _start;
    private int _end;

    public readonly bool IsEmpty => _start == _end;

    /// <summary>Room for the next read. Only while nothing is held.</summary>
    public Memory<byte> Rent()
    {
        _buffer = BytePool.Shared.Rent(Bytes);
        return _buffer.AsMemory(0, Bytes);
    }

    /// <summary>The read is over.</summary>
    /// <returns>How many of its bytes fit into what was asked for; the others wait.</returns>
    public int Fill(int count, Span<byte> wanted)
    {
        _start = 0;
        _end = count;
        return Take(wanted);
    }

    /// <returns>How many bytes were copied.</returns>
    public int Take(Span<byte> wanted)
    {
        var count = Math.Min(wanted.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(wanted);
        _start += count;
        if (IsEmpty && _buffer is { } buffer)
        {
            _buffer = null;
            BytePool.Shared.Return(buffer);
        }

        return count;
    }
}
