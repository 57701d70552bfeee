using System.Buffers;
using System.IO.Pipelines;

namespace Penstock.Pipeline;

/// <summary>Passes any body that is not an event stream to the client, as it arrives.</summary>
internal static class BodyRelay
{
    /// <exception cref="IOException">The provider broke off: the client's connection must be cut, since a status is already out.</exception>
    /// <exception cref="OperationCanceledException">A clock ran out, or the client left.</exception>
    public static async Task CopyAsync(UpstreamReply reply, PipeWriter client, CancellationToken clientGone)
    {
        while (true)
        {
            if (reply.HeldBytes > 0)
            {
                client.Write(reply.Held);
                reply.Consume(reply.HeldBytes);
            }

            if (reply.IsAtEnd) break;
            await Relay.NextAsync(reply, client, clientGone);
        }

        // Not left to the end of the response: once its headers are out, the server flushes nothing of its own accord.
        await client.FlushAsync(clientGone);
    }
}
