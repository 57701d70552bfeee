using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Penstock.Json;

/// <summary>
/// Small pieces of JSON for one request, written one behind the other into a buffer that is used again for the next.
/// A piece stays valid when the buffer grows: it keeps the old one.
/// </summary>
internal sealed class ScratchBytes
{
    private const int InitialBytes = 512;

    /// <summary>What one large request needed is not kept for all that follow.</summary>
    private const int MaxKeptBytes = 64 << 10;

    private byte[] _buffer = new byte[InitialBytes];
    private int _used;
    private int _start;

    /// <summary>Forgets every piece.</summary>
    public void Clear()
    {
        if (_buffer.Length > MaxKeptBytes) _buffer = new byte[InitialBytes];
        _used = 0;
        _start = 0;
    }

    /// <summary>Ends the current piece.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var piece = _buffer.AsMemory(_start, _used - _start);
        _start = _used;
        return piece;
    }

    public ScratchBytes Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _used += bytes.Length;
        return this;
    }

    /// <summary>A JSON string with its quotes. What is not Unicode becomes U+FFFD.</summary>
    public ScratchBytes AddString(ReadOnlySpan<char> text)
    {
        var utf8 = BytePool.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        Utf8.FromUtf16(text, utf8, out _, out var length);
        Add("\""u8);
        var room = Reserve(length * JsonEscapes.MaxBytesPerByte);
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(utf8.AsSpan(0, length), room, out _, out var written);
        _used += written;
        BytePool.Shared.Return(utf8);
        return Add("\""u8);
    }

    private Span<byte> Reserve(int length)
    {
        if (_buffer.Length - _used < length)
        {
            var piece = _buffer.AsSpan(_start, _used - _start);
            var larger = new byte[Math.Max(_buffer.Length * 2, piece.Length + length)];
            piece.CopyTo(larger);
            _used = piece.Length;
            _start = 0;
            _buffer = larger;
        }

        return _buffer.AsSpan(_used, length);
    }
}
