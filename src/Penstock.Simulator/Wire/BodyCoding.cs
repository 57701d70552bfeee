using System.IO.Compression;

namespace Penstock.Simulator.Wire;

/// <summary>Content coding of an answer: gzip, deflate (zlib, RFC 9110) or br, whole or broken off.</summary>
internal sealed record BodyCoding(string Name, bool IsTruncated)
{
    /// <summary>Codes each write on its own flush, so that a coded stream still flows event by event.</summary>
    public IEnumerable<ReplyStep> Apply(IEnumerable<ReplyStep> steps)
    {
        using var coded = new MemoryStream();
        var coder = Open(coded);
        foreach (var step in steps)
        {
            if (!step.IsSend)
            {
                yield return step;
                continue;
            }

            coder.Write(step.Bytes.Span);
            coder.Flush();
            var bytes = Take(coded);
            yield return ReplyStep.Send(IsTruncated ? bytes[..(bytes.Length / 2)] : bytes);
            if (IsTruncated) yield break;
        }

        coder.Dispose();
        if (!IsTruncated) yield return ReplyStep.Send(Take(coded));
    }

    private static byte[] Take(MemoryStream coded)
    {
        var bytes = coded.ToArray();
        coded.SetLength(0);
        return bytes;
    }

    private Stream Open(Stream target) => Name switch
    {
        "gzip" => new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true),
        "deflate" => new ZLibStream(target, CompressionLevel.Fastest, leaveOpen: true),
        "br" => new BrotliStream(target, CompressionLevel.Fastest, leaveOpen: true),
        _ => throw new ArgumentException($"Unknown content coding '{Name}'. Use gzip, deflate or br."),
    };
}
