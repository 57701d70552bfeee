using System.IO.Pipelines;
using System.Net;

namespace Penstock.Transport;

/// <summary>
/// A request body that passes from the client as it arrives and is never held. It can be sent once: after its first
/// byte was taken, no other attempt is possible.
/// </summary>
/// <param name="length">Announced length in bytes, or null when the client does not say.</param>
/// <param name="maxBytes">More is refused.</param>
internal sealed class StreamedBody(PipeReader reader, long? length, long maxBytes)
{
    public long? Length { get; } = length;

    /// <summary>Whether bytes were taken from the client.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Set when the client sent more than is allowed.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Set when the client broke off.</summary>
    public Exception? ClientFault { get; private set; }

    public HttpContent ToContent() => new Content(this);

    private async Task CopyToAsync(Stream upstream, CancellationToken cancellationToken)
    {
        IsTaken = true;
        var sent = 0L;
        var turn = new FairTurn();
        using var end = cancellationToken.UnsafeRegister(static state => PendingRead.End((PipeReader)state!), reader);
        while (true)
        {
            var read = await ReadAsync();
            try
            {
                sent += read.Buffer.Length;
                if (sent > maxBytes)
                {
                    IsTooLarge = true;
                    throw new IOException("The upload is larger than allowed.");
                }

                foreach (var segment in read.Buffer) await upstream.WriteAsync(segment, cancellationToken);
            }
            finally
            {
                // Also after a failure: the server must be able to read on, to drain what the client still sends.
                reader.AdvanceTo(read.Buffer.End);
            }

            if (read.IsCompleted) return;
            cancellationToken.ThrowIfCancellationRequested();
            await upstream.FlushAsync(cancellationToken);
            if (turn.IsOverAfterStep()) await Task.Yield();
        }
    }

    private async ValueTask<ReadResult> ReadAsync()
    {
        try
        {
            return await reader.ReadAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            ClientFault = e;
            throw;
        }
    }

    private sealed class Content(StreamedBody body) : HttpContent
    {
        protected override bool TryComputeLength(out long length)
        {
            length = body.Length ?? 0;
            return body.Length is not null;
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            body.CopyToAsync(stream, cancellationToken);
    }
}
