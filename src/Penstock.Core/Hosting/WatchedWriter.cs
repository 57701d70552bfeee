using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Penstock.Hosting;

/// <summary>What goes out to one client. Only a flush that must wait costs anything.</summary>
internal sealed class WatchedWriter(PipeWriter client, StallClock clock) : PipeWriter
{
    public override bool CanGetUnflushedBytes => client.CanGetUnflushedBytes;

    public override long UnflushedBytes => client.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => client.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => client.GetSpan(sizeHint);

    public override void Advance(int bytes) => client.Advance(bytes);

    public override void CancelPendingFlush() => client.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => client.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => client.CompleteAsync(exception);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var flush = client.FlushAsync(cancellationToken);
        return flush.IsCompleted ? flush : WatchAsync(flush);
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        var flush = client.WriteAsync(source, cancellationToken);
        return flush.IsCompleted ? flush : WatchAsync(flush);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> WatchAsync(ValueTask<FlushResult> flush)
    {
        clock.Begin();
        try
        {
            return await flush;
        }
        finally
        {
            clock.End();
        }
    }
}
