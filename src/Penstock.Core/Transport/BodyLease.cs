using Penstock.Json;

namespace Penstock.Transport;

/// <summary>
/// A pooled buffer that holds a request body. Counted, because an upstream may answer before it has read everything:
/// then the exchange is over while its body is still being written, and a buffer handed back too early would send
/// another caller's bytes.
/// </summary>
internal sealed class BodyLease
{
    private const int MinBytes = 256;

    /// <summary>An announced length costs the client nothing, so no more than this is set aside before bytes come.</summary>
    private const int MaxFirstBytes = 4 << 20;

    private byte[] _buffer;
    private int _holders = 1;

    /// <param name="capacity">Bytes expected; more fit.</param>
    public BodyLease(int capacity) => _buffer = BytePool.Shared.Rent(Math.Clamp(capacity, MinBytes, MaxFirstBytes));

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

    /// <exception cref="InvalidOperationException">Nobody holds it any more.</exception>
    public void Release()
    {
        var left = Interlocked.Decrement(ref _holders);
        if (left > 0) return;
        if (left < 0) throw new InvalidOperationException("A body was released more often than it was held.");
        BytePool.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Grow(int needed)
    {
        var larger = BytePool.Shared.Rent(Math.Max(needed, (int)Math.Min(_buffer.Length * 2L, Array.MaxLength)));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        BytePool.Shared.Return(_buffer);
        _buffer = larger;
    }
}
