using System.Runtime.CompilerServices;
using Penstock.Dialects;
using Penstock.Json;
using Penstock.Transport;

namespace Penstock.Pipeline;

/// <summary>
/// A provider's answer whose headers are here and whose body is on its way. Bytes that had to be read to judge it are
/// held and come first.
/// </summary>
internal sealed class UpstreamReply(HttpResponseMessage message, Stream body, PreparedCall call, AttemptClock clock, StreamWatcher? watcher) : IDisposable
{
    private const int FirstBufferBytes = 16 << 10;
    private const int MaxFirstBufferBytes = 64 << 10;

    /// <summary>
    /// Who got so much at once gets more. Waiting without a buffer then costs: the client library fills its own small one.
    /// </summary>
    private const int BusyBytes = 2 << 10;

    private byte[]? _buffer;
    private bool _isBusy;
    private SseFramer _framer;

    public HttpResponseMessage Message { get; } = message;

    public AttemptClock Clock { get; } = clock;

    /// <summary>The clocks that the attempt runs on, for messages.</summary>
    public Clocks Clocks { get; } = call.Clocks;

    /// <summary>Whether a content encoding was undone: then the announced length is not the body's.</summary>
    public bool IsDecoded { get; init; }

    /// <summary>Set for JSON whose end only the connection's end shows.</summary>
    public JsonBalance? Balance { get; init; }

    /// <summary>The key that the call carried, where the answer may repeat it: it failed, or is a stream and the key the gateway's.</summary>
    public SentKey? SentKey { get; init; }

    /// <summary>Set for event streams.</summary>
    public StreamWatcher? Watcher { get; } = watcher;

    public int Status { get; } = (int)message.StatusCode;

    /// <summary>Bytes read and not yet passed on.</summary>
    public int HeldBytes { get; private set; }

    /// <summary>How many of the held bytes are whole events, from the front.</summary>
    public int WholeBytes { get; private set; }

    /// <summary>Whether the body has been read to its end.</summary>
    public bool IsAtEnd { get; private set; }

    public ReadOnlySpan<byte> Held => _buffer.AsSpan(0, HeldBytes);

    public ReadOnlyMemory<byte> HeldMemory => _buffer.AsMemory(0, HeldBytes);

    /// <summary>Reads once into what is held; grows the buffer when it is full.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ReadAsync()
    {
        if (IsAtEnd) return;
        if (HeldBytes == 0 && Watcher is not null && !IsDecoded && !_isBusy)
        {
            // Waits without a buffer: a stream may rest for minutes, and a thousand of them at once.
            ReturnBuffer();
            _ = await body.ReadAsync(Memory<byte>.Empty, Clock.Token);
        }

        Reserve();
        var count = await body.ReadAsync(_buffer.AsMemory(HeldBytes), Clock.Token);
        Balance?.Add(_buffer.AsSpan(HeldBytes, count));
        HeldBytes += count;
        _isBusy = count >= BusyBytes;
        Note(count);
    }

    /// <summary>Reads once past what is held, which must be nothing.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadIntoAsync(Memory<byte> destination)
    {
        var count = await body.ReadAsync(destination, Clock.Token);
        Balance?.Add(destination.Span[..count]);
        Note(count);
        return count;
    }

    /// <summary>Shows the watcher the events that have become whole since the last call.</summary>
    public void WatchWholeEvents()
    {
        var rest = Held[WholeBytes..];
        var whole = _framer.Complete(rest);
        if (whole == 0) return;
        Watcher!.OnEvents(rest[..whole]);
        WholeBytes += whole;
    }

    /// <summary>Forgets the first bytes: they have been passed on.</summary>
    public void Consume(int count)
    {
        if (count < HeldBytes) _buffer.AsSpan(count, HeldBytes - count).CopyTo(_buffer);
        if (count > WholeBytes) _framer = default; // a piece of an event: what comes next was not searched
        HeldBytes -= count;
        WholeBytes = Math.Max(0, WholeBytes - count);
    }

    /// <summary>Takes the key out of what is held.</summary>
    public void MaskKey() => SentKey?.Mask(_buffer.AsSpan(0, HeldBytes));

    /// <summary>Puts bytes behind what is held.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (_buffer is null || _buffer.Length - HeldBytes < bytes.Length) Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(HeldBytes));
        HeldBytes += bytes.Length;
    }

    public void Dispose()
    {
        Clock.Dispose();
        if (IsDecoded) body.Dispose();
        Message.Dispose();
        Message.RequestMessage?.Dispose();
        ReturnBuffer();
    }

    /// <exception cref="HttpIOException">It is the end, and in the middle of a document.</exception>
    private void Note(int count)
    {
        if (count == 0)
        {
            if (Balance is { IsEven: false }) throw new HttpIOException(HttpRequestError.ResponseEnded, "The connection was closed in the middle of a JSON document.");
            IsAtEnd = true;
            return;
        }

        Clock.Activity();
        if (Watcher is null) Clock.ContentArrived();
    }

    private void Reserve(int room = 1)
    {
        if (_buffer is null)
        {
            _buffer = BytePool.Shared.Rent(Math.Max(FirstBuffer(), room));
            return;
        }

        if (_buffer.Length - HeldBytes >= room) return;
        var larger = BytePool.Shared.Rent(Math.Max(_buffer.Length * 2, HeldBytes + room));
        Held.CopyTo(larger);
        BytePool.Shared.Return(_buffer);
        _buffer = larger;
    }

    /// <summary>A byte more than the answer has, where it says how long it is: so that its end is seen without another buffer.</summary>
    private int FirstBuffer() => Watcher is null && !IsDecoded && Message.Content.Headers.ContentLength is { } length
        ? (int)Math.Min(length + 1, MaxFirstBufferBytes)
        : FirstBufferBytes;

    private void ReturnBuffer()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer) BytePool.Shared.Return(buffer);
    }
}
