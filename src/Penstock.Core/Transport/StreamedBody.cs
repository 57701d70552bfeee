using System.IO.Pipelines;
using System.Net;

namespace Penstock.Transport;

/// <summary>
/// A request body that passes from the client as it arrives and is never held. It can be sent once: after its first
/// byte was taken, no other attempt is possible.
/// </summary>
/// <param name="length">Announced length in bytes, or null when the client does not say.</param>
/// <param name="maxBytes">More is refused.</param>
/// <param name="idleMs">How long the client may be silent; 0: for ever.</param>
internal sealed class StreamedBody(PipeReader reader, long? length, long maxBytes, int idleMs)
{
    /// <summary>What stands for bytes that go nowhere.</summary>
    private static readonly byte[] Filler = new byte[64 << 10];

    private readonly Lock _lock = new();
    private bool _isReading;
    private volatile bool _isAnswered;

    public long? Length { get; } = length;

    public long MaxBytes { get; } = maxBytes;

    public int IdleMs { get; } = idleMs;

    /// <summary>Whether bytes were taken from the client.</summary>
    public bool IsTaken { get; private set; }

    /// <summary>Set when the client sent more than is allowed.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Set when the client broke off.</summary>
    public Exception? ClientFault { get; private set; }

    public HttpContent ToContent(AttemptClock clock) => new Content(this, clock);

    /// <summary>
    /// The provider has said no, or hung up, and takes no more: the rest is not asked of the client. From here what is
    /// written to the connection goes nowhere.
    /// </summary>
    public void StopForAnswer()
    {
        lock (_lock)
        {
            _isAnswered = true;
            if (_isReading) PendingRead.End(reader);
        }
    }

    private async Task CopyToAsync(Stream upstream, AttemptClock clock, CancellationToken cancellationToken)
    {
        IsTaken = true;
        var sent = 0L;
        var turn = new FairTurn();
        using var end = cancellationToken.UnsafeRegister(static state => PendingRead.End((PipeReader)state!), reader);
        while (true)
        {
            var read = await ReadAsync(clock);
            try
            {
                sent += read.Buffer.Length;
                if (sent > MaxBytes)
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
            if (_isAnswered)
            {
                await FillAsync(upstream, sent, cancellationToken);
                return;
            }

            await upstream.FlushAsync(cancellationToken);
            if (turn.IsOverAfterStep()) await Task.Yield();
        }
    }

    private async ValueTask<ReadResult> ReadAsync(AttemptClock clock)
    {
        try
        {
            lock (_lock) _isReading = true;
            if (_isAnswered) PendingRead.End(reader);
            var reading = reader.ReadAsync(CancellationToken.None);
            if (!reading.IsCompleted) clock.WaitForUpload(IdleMs);
            return await reading;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            ClientFault = e;
            throw;
        }
        finally
        {
            clock.UploadCame();
            lock (_lock) _isReading = false;
        }
    }

    /// <summary>The client library reads an answer only after it has written as much as was announced.</summary>
    private async ValueTask FillAsync(Stream upstream, long sent, CancellationToken cancellationToken)
    {
        for (var left = (Length ?? 0) - sent; left > 0; left -= Filler.Length)
        {
            await upstream.WriteAsync(Filler.AsMemory(0, (int)Math.Min(left, Filler.Length)), cancellationToken);
        }
    }

    private sealed class Content : OutgoingContent
    {
        private readonly StreamedBody _body;
        private readonly AttemptClock _clock;

        public Content(StreamedBody body, AttemptClock clock)
        {
            _body = body;
            _clock = clock;
            InFlight = new BodyInFlight(body);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length ?? 0;
            return _body.Length is not null;
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            _body.CopyToAsync(stream, _clock, cancellationToken);
    }
}
