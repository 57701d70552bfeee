using System.Net;
using Penstock.Json;

namespace Penstock.Transport;

/// <summary>A request body made of slices of a leased buffer and the patches between them. Can be sent any number of times.</summary>
internal sealed class LeasedContent : OutgoingContent
{
    private readonly BodyLease _lease;
    private readonly BodySegments _segments;

    public LeasedContent(BodyLease lease, BodySegments segments)
    {
        _lease = lease;
        _segments = segments;
        if (segments.Length >= BodyInFlight.LargeBytes) InFlight = new BodyInFlight(upload: null);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _segments.Length;
        return true;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (!_lease.TryHold()) throw new ObjectDisposedException(nameof(BodyLease), "The exchange ended before its body was sent.");
        try
        {
            for (var i = 0; i < _segments.Count; i++) await stream.WriteAsync(_segments[i], cancellationToken);
        }
        finally
        {
            _lease.Release();
        }
    }
}
