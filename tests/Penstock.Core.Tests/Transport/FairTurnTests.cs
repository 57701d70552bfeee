using System.IO.Pipelines;
using Penstock.Transport;

namespace Penstock.Core.Tests.Transport;

public sealed class FairTurnTests
{
    private static readonly AttemptClock Clock = new(TimeProvider.System, Clocks.Unset, CancellationToken.None, CancellationToken.None);

    [Fact]
    public async Task An_upload_whose_two_ends_are_always_ready_lets_others_in()
    {
        // A pipe over a stream gives a piece with each read, and never waits.
        var client = PipeReader.Create(new MemoryStream(new byte[4 << 20]), new StreamPipeReaderOptions(bufferSize: 4096));
        var content = new StreamedBody(client, 4 << 20, long.MaxValue, idleMs: 0).ToContent(Clock);
        var copy = content.CopyToAsync(Stream.Null, Patience.Token);
        Assert.False(copy.IsCompleted);
        await copy;
    }

    [Fact]
    public async Task A_short_one_does_not_change_threads()
    {
        var client = PipeReader.Create(new MemoryStream(new byte[16 << 10]), new StreamPipeReaderOptions(bufferSize: 4096));
        var copy = new StreamedBody(client, 16 << 10, long.MaxValue, idleMs: 0).ToContent(Clock).CopyToAsync(Stream.Null, Patience.Token);
        Assert.True(copy.IsCompletedSuccessfully);
        await copy;
    }
}
