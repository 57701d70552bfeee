using System.IO.Compression;

namespace Penstock.Transport;

/// <summary>
/// Undoes content encodings. We never ask for one, but some servers encode anyway, and a stream must be read to be
/// watched.
/// </summary>
internal static class ContentDecoding
{
    /// <summary>Nobody encodes more than once in earnest.</summary>
    private const int MaxEncodings = 2;

    /// <summary>Without this switch the framework's decoders take a body that was cut for one that ended.</summary>
    static ContentDecoding() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <param name="encoding">The value of <c>Content-Encoding</c>: names in the order in which they were applied.</param>
    /// <returns>The plain stream, the same when nothing is encoded; null for an encoding that we do not know.</returns>
    public static Stream? Open(Stream body, string encoding)
    {
        if (encoding.Length == 0) return body;
        var names = encoding.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var stream = body;
        var count = 0;
        for (var i = names.Length - 1; i >= 0; i--)
        {
            if (names[i].Equals("identity", StringComparison.OrdinalIgnoreCase)) continue;
            if (++count > MaxEncodings) return null;
            var encoded = new CountedStream(stream);
            if (Decoder(encoded, names[i]) is not { } decoder) return null;
            stream = new DecodedStream(decoder, encoded);
        }

        return stream;
    }

    private static Stream? Decoder(Stream encoded, string name) => name.ToUpperInvariant() switch
    {
        "GZIP" or "X-GZIP" => new GZipStream(encoded, CompressionMode.Decompress),
        "BR" => new BrotliStream(encoded, CompressionMode.Decompress),
        "DEFLATE" => new ZLibStream(encoded, CompressionMode.Decompress),
        _ => null,
    };
}
