using System.Buffers;

namespace Penstock.Transport;

/// <summary>
/// A pooled buffer that holds a request body. Counted, because an upstream may answer before it has read everything:
/// then the exchange is over while its body is still being written, and a buffer handed back too early would send
/// another caller's bytes.
/// </summary>
internal sealed class BodyLease
{
    private byte[] _buffer;
    private int _holders = 1;

    public BodyLease(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 256));

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => new(_buffer, 0, Length);

    /// <summary>Only while nobody else holds the lease: the buffer may move.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length - Length < bytes.Length) Grow(Length + bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <returns>False when the body is already gone.</returns>
    public bool TryHold()
    {
        var holders = Volatile.Read(ref _holders);
        while (holders > 0)
        {
            var seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders) return true;
            holders = seen;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) != 0) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, (int)Math.Min(_buffer.Length * 2L, Array.MaxLength)));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
