namespace Penstock.Transport;

/// <summary>A decoder that stops when its output is out of all proportion to its input: such a body is a trap.</summary>
/// <param name="encoded">What the decoder reads from.</param>
internal sealed class DecodedStream(Stream decoder, CountedStream encoded) : ReadOnlyStream
{
    /// <summary>Up to here a body may be as dense as it likes.</summary>
    public const long FreeBytes = 16 << 20;

    /// <summary>JSON shrinks to a fifth, the most monotonous of it to a fiftieth; a bomb to a thousandth.</summary>
    public const int MaxRatio = 100;

    private long _bytes;

    /// <exception cref="InvalidDataException">The body is not what its encoding says, or expands too far.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        try
        {
            count = await decoder.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            // What the Brotli decoder says where the others speak of invalid data.
            throw new InvalidDataException(e.Message, e);
        }

        _bytes += count;
        return _bytes <= FreeBytes || _bytes <= encoded.Bytes * MaxRatio
            ? count
            : throw new InvalidDataException($"A body of {encoded.Bytes} bytes expanded to more than {_bytes - 1}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) decoder.Dispose();
        base.Dispose(disposing);
    }
}
