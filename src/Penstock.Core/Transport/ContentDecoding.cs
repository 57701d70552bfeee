using System.IO.Compression;

namespace Penstock.Transport;

/// <summary>
/// Undoes a content encoding. We never ask for one, but some servers encode anyway, and a stream must be read to be
/// watched.
/// </summary>
internal static class ContentDecoding
{
    /// <returns>The plain stream, or null for an encoding that we do not know.</returns>
    public static Stream? Open(Stream body, string encoding) => encoding.Trim().ToUpperInvariant() switch
    {
        "" or "IDENTITY" => body,
        "GZIP" or "X-GZIP" => new GZipStream(body, CompressionMode.Decompress),
        "BR" => new BrotliStream(body, CompressionMode.Decompress),
        "DEFLATE" => new ZLibStream(body, CompressionMode.Decompress),
        _ => null,
    };
}
