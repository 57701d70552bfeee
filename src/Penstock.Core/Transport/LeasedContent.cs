using System.Net;
using Penstock.Json;

namespace Penstock.Transport;

/// <summary>A request body made of slices of a leased buffer and the patches between them. Can be sent any number of times.</summary>
internal sealed class LeasedContent(BodyLease lease, BodySegments segments) : HttpContent
{
    protected override bool TryComputeLength(out long length)
    {
        length = segments.Length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (!lease.TryHold()) throw new ObjectDisposedException(nameof(BodyLease), "The exchange ended before its body was sent.");
        if (segments.Length >= BodyInFlight.LargeBytes) BodyInFlight.Current = this;
        try
        {
            for (var i = 0; i < segments.Count; i++) await stream.WriteAsync(segments[i], cancellationToken);
        }
        finally
        {
            lease.Release();
        }
    }
}
