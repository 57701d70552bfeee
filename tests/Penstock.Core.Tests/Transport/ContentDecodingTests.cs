using System.IO.Compression;
using System.Text;
using Penstock.Transport;

namespace Penstock.Core.Tests.Transport;

public sealed class ContentDecodingTests
{
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 2_000).Select(i => $"data: {{\"n\":{i}}}\n\n")));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("identity")]
    [InlineData("Identity , identity")]
    [InlineData(" ,")]
    public void Passes_what_is_not_encoded(string encoding)
    {
        using var body = new MemoryStream();

        Assert.Same(body, ContentDecoding.Open(body, encoding));
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("GZIP", "gzip")]
    [InlineData("x-gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("deflate", "deflate")]
    [InlineData("gzip, br", "gzip", "br")]
    [InlineData("br,identity,gzip", "br", "gzip")]
    public async Task Undoes(string encoding, params string[] applied)
    {
        var bytes = Plain;
        foreach (var name in applied) bytes = Encode(bytes, name);
        await using var decoded = ContentDecoding.Open(new MemoryStream(bytes), encoding);

        Assert.Equal(Plain, await ReadAsync(decoded!));
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, unknown")]
    [InlineData("gzip, gzip, gzip")]
    public void Does_not_know(string encoding) => Assert.Null(ContentDecoding.Open(new MemoryStream(), encoding));

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("gzip, gzip", "gzip", "gzip")]
    public async Task Stops_a_body_that_expands_out_of_all_proportion(string encoding, params string[] applied)
    {
        var bytes = new byte[64 << 20];
        foreach (var name in applied) bytes = Encode(bytes, name);
        await using var decoded = ContentDecoding.Open(new MemoryStream(bytes), encoding);

        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(decoded!));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Fails_on_a_body_that_is_cut_or_no_such_thing(string encoding)
    {
        await using var cut = ContentDecoding.Open(new MemoryStream(Encode(Plain, encoding)[..500]), encoding);
        await using var plain = ContentDecoding.Open(new MemoryStream(Plain), encoding);

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => ReadAsync(cut!));
        Assert.Equal("the answer's content encoding could not be undone.", UpstreamFault.Describe(fault));
        fault = await Assert.ThrowsAnyAsync<Exception>(() => ReadAsync(plain!));
        Assert.Equal("the answer's content encoding could not be undone.", UpstreamFault.Describe(fault));
    }

    /// <summary>A stream of events is encoded and flushed piece by piece; each piece must come out when it came in.</summary>
    [Fact]
    public async Task Gives_out_what_was_flushed_at_once()
    {
        var pipe = new System.IO.Pipelines.Pipe();
        await using var encoder = new GZipStream(pipe.Writer.AsStream(), CompressionMode.Compress);
        await using var decoded = ContentDecoding.Open(pipe.Reader.AsStream(), "gzip")!;
        var buffer = new byte[100];

        foreach (var text in (string[])["data: 1\n\n", "data: 2\n\n"])
        {
            await encoder.WriteAsync(Encoding.UTF8.GetBytes(text), Stop);
            await encoder.FlushAsync(Stop);
            Assert.Equal(text, Encoding.UTF8.GetString(buffer, 0, await decoded.ReadAsync(buffer, Stop)));
        }
    }

    private static byte[] Encode(byte[] bytes, string name)
    {
        var output = new MemoryStream();
        using (Stream encoder = name switch
        {
            "gzip" => new GZipStream(output, CompressionLevel.Optimal),
            "br" => new BrotliStream(output, CompressionLevel.Fastest),
            _ => new ZLibStream(output, CompressionLevel.Optimal),
        })
        {
            encoder.Write(bytes);
        }

        return output.ToArray();
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        var all = new MemoryStream();
        await stream.CopyToAsync(all, Stop);
        return all.ToArray();
    }
}
