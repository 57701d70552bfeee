using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Penstock.Pipeline;

/// <summary>What both relays do between two pieces: hand over to the client, and wait for the provider.</summary>
internal static class Relay
{
    /// <summary>As much may wait for a flush while the provider's next bytes are already here.</summary>
    private const long MaxUnflushedBytes = 32 << 10;

    /// <summary>
    /// Reads on, and flushes unless the next bytes are already here: so nothing waits, and a burst costs few writes.
    /// </summary>
    /// <exception cref="OperationCanceledException">A clock ran out, or the client left.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask NextAsync(UpstreamReply reply, PipeWriter client, CancellationToken clientGone)
    {
        if (client.CanGetUnflushedBytes && client.UnflushedBytes > MaxUnflushedBytes) await FlushAsync(reply, client, clientGone);

        // The read fills our buffer: from here nothing may throw before it is over.
        var read = reply.ReadAsync();
        Exception? failure = null;
        if (!read.IsCompleted)
        {
            try
            {
                await FlushAsync(reply, client, clientGone);
            }
            catch (Exception e)
            {
                failure = e;
                reply.Clock.GiveUp();
            }
        }

        try
        {
            await read;
        }
        catch when (failure is not null)
        {
            // The flush failed first; that is what we report.
        }

        if (failure is not null) throw new OperationCanceledException(failure.Message, failure, clientGone);
    }

    /// <summary>
    /// Hands over what is written. While the client is slow, the provider's idle clock rests; how long it may be slow is
    /// the connection's business (<c>Hosting/StalledClients</c>).
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask FlushAsync(UpstreamReply reply, PipeWriter client, CancellationToken clientGone)
    {
        var flush = client.FlushAsync(clientGone);
        if (flush.IsCompletedSuccessfully)
        {
            reply.Clock.ClientIsBack();
            if (flush.Result.IsCompleted) throw new OperationCanceledException(clientGone);
            return;
        }

        // Nobody may be reading from the provider now, and a clock that runs out must free its connection all the same.
        reply.Clock.WaitForClient();
        await using var end = reply.Clock.Token.UnsafeRegister(static state => ((UpstreamReply)state!).Message.Dispose(), reply);
        var result = await flush;
        reply.Clock.ClientIsBack();
        if (result.IsCompleted) throw new OperationCanceledException(clientGone);
    }
}
