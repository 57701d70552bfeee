using System.Buffers;
using System.IO.Pipelines;
using Penstock.Transport;

namespace Penstock.Pipeline;

/// <summary>Passes any body that is not an event stream to the client, as it arrives.</summary>
internal static class BodyRelay
{
    private const int ReadBytes = 32 << 10;

    /// <exception cref="IOException">The provider broke off: the client's connection must be cut, since a status is already out.</exception>
    /// <exception cref="OperationCanceledException">A clock ran out, or the client left.</exception>
    public static async Task CopyAsync(UpstreamReply reply, PipeWriter client, CancellationToken clientGone)
    {
        // Nothing is here yet: the headers go out while the first bytes are on their way.
        if (reply.HeldBytes == 0 && !reply.IsAtEnd) await Relay.NextAsync(reply, client, clientGone);
        client.Write(reply.Held);
        reply.Consume(reply.HeldBytes);

        // What follows is read into the client's own buffer: a large answer is copied once less.
        var turn = new FairTurn();
        while (!reply.IsAtEnd)
        {
            await Relay.FlushAsync(reply, client, clientGone);
            client.Advance(await reply.ReadIntoAsync(client.GetMemory(ReadBytes)));
            if (turn.IsOverAfterStep()) await Task.Yield();
        }

        // Not left to the end of the response: once its headers are out, the server flushes nothing of its own accord.
        await Relay.FlushAsync(reply, client, clientGone);
    }
}
