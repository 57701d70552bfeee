using System.Net;

namespace Penstock.Transport;

/// <summary>A body of ours for the client library. Whoever has read the answer disposes the request, and with it this.</summary>
internal abstract class OutgoingContent : HttpContent
{
    /// <summary>Null for a small one.</summary>
    public BodyInFlight? InFlight { get; protected init; }

    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override void Dispose(bool disposing)
    {
        if (disposing) InFlight?.End();
        base.Dispose(disposing);
    }
}
