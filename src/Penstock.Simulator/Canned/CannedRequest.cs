using System.Buffers.Text;

namespace Penstock.Simulator.Canned;

/// <summary>The framing of a request, and nothing else of it.</summary>
internal readonly record struct CannedRequest(int HeadBytes, long BodyBytes, bool IsChunked, bool IsEmbedding)
{
    /// <returns>Null when the head is not whole yet.</returns>
    public static CannedRequest? TryRead(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0) return null;
        var head = received[..(end + 2)];
        var lineEnd = head.IndexOf("\r\n"u8);
        var isEmbedding = head[..lineEnd].EndsWith("/embeddings HTTP/1.1"u8);
        long length = 0;
        var isChunked = false;
        for (head = head[(lineEnd + 2)..]; !head.IsEmpty; head = head[(lineEnd + 2)..])
        {
            lineEnd = head.IndexOf("\r\n"u8);
            var line = head[..lineEnd];
            if (line.Length > 15 && (line[0] | 0x20) == 'c' && IsNamed(line, "content-length:"u8))
            {
                if (!Utf8Parser.TryParse(line[15..].TrimStart((byte)' '), out length, out _)) length = 0;
            }
            else if (line.Length > 18 && (line[0] | 0x20) == 't' && IsNamed(line, "transfer-encoding:"u8))
            {
                isChunked = true;
            }
        }

        return new CannedRequest(end + 4, length, isChunked, isEmbedding);
    }

    private static bool IsNamed(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        System.Text.Ascii.EqualsIgnoreCase(line[..name.Length], name);
}
