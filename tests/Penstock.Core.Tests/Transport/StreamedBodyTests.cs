using System.IO.Pipelines;
using System.Text;
using Penstock.Transport;

namespace Penstock.Core.Tests.Transport;

public sealed class StreamedBodyTests
{
    private static readonly AttemptClock Clock = new(TimeProvider.System, Clocks.Unset, CancellationToken.None, CancellationToken.None);

    private readonly Pipe _client = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Passes_each_piece_as_it_comes()
    {
        var body = new StreamedBody(_client.Reader, length: 10, maxBytes: 100, idleMs: 0);
        var upstream = new Pipe();
        using var content = body.ToContent(Clock);
        Assert.Equal(10, content.Headers.ContentLength);
        Assert.False(body.IsTaken);
        var copying = content.CopyToAsync(upstream.Writer.AsStream(), Stop);

        foreach (var text in (string[])["hello", "world"])
        {
            await _client.Writer.WriteAsync(Encoding.UTF8.GetBytes(text), Stop);
            var read = await upstream.Reader.ReadAtLeastAsync(5, Stop);
            Assert.Equal(text, Encoding.UTF8.GetString(read.Buffer.FirstSpan));
            upstream.Reader.AdvanceTo(read.Buffer.End);
        }

        await _client.Writer.CompleteAsync();
        await copying;
        Assert.True(body.IsTaken);
        Assert.Null(body.ClientFault);
    }

    [Fact]
    public void States_no_length_that_the_client_did_not_state()
    {
        using var content = new StreamedBody(_client.Reader, length: null, maxBytes: 100, idleMs: 0).ToContent(Clock);

        Assert.Null(content.Headers.ContentLength);
    }

    [Fact]
    public async Task Refuses_more_than_is_allowed_and_leaves_the_rest_readable()
    {
        var body = new StreamedBody(_client.Reader, length: null, maxBytes: 4, idleMs: 0);
        await _client.Writer.WriteAsync("hello"u8.ToArray(), Stop);
        using var content = body.ToContent(Clock);

        await Assert.ThrowsAnyAsync<Exception>(() => content.CopyToAsync(Stream.Null, Stop));
        Assert.True(body.IsTooLarge);
        await AssertReadableAsync();
    }

    [Fact]
    public async Task Leaves_the_rest_readable_when_the_provider_broke_off()
    {
        var body = new StreamedBody(_client.Reader, length: null, maxBytes: 100, idleMs: 0);
        await _client.Writer.WriteAsync("hello"u8.ToArray(), Stop);
        using var content = body.ToContent(Clock);
        var broken = new MemoryStream([], writable: false);

        await Assert.ThrowsAnyAsync<Exception>(() => content.CopyToAsync(broken, Stop));
        Assert.Null(body.ClientFault);
        await AssertReadableAsync();
    }

    [Fact]
    public async Task Remembers_that_the_client_broke_off()
    {
        var body = new StreamedBody(_client.Reader, length: 10, maxBytes: 100, idleMs: 0);
        var fault = new IOException("gone");
        await _client.Writer.CompleteAsync(fault);
        using var content = body.ToContent(Clock);

        await Assert.ThrowsAnyAsync<Exception>(() => content.CopyToAsync(Stream.Null, Stop));
        Assert.Same(fault, body.ClientFault);
    }

    private async Task AssertReadableAsync()
    {
        await _client.Writer.WriteAsync("more"u8.ToArray(), Stop);
        var read = await _client.Reader.ReadAsync(Stop);
        Assert.Equal("more", Encoding.UTF8.GetString(read.Buffer.FirstSpan));
        _client.Reader.AdvanceTo(read.Buffer.End);
    }
}
