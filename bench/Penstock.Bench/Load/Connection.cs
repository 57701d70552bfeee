using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Penstock.Bench.Load;

/// <summary>One kept-alive connection of the driver. Carries one request at a time.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly ReplyParser _parser = new();
    private readonly byte[] _buffer;

    private Connection(int bufferBytes) => _buffer = new byte[bufferBytes];

    public static async Task<Connection> OpenAsync(IPEndPoint address, CancellationToken cancellationToken, int bufferBytes = 64 << 10)
    {
        var connection = new Connection(bufferBytes);
        await connection._socket.ConnectAsync(address, cancellationToken);
        return connection;
    }

    /// <summary>Sends a request and reads its answer to the end.</summary>
    /// <exception cref="InvalidDataException">The answer is not proper HTTP.</exception>
    /// <exception cref="SocketException">The connection broke.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Reply> CallAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        await SendAsync(request, cancellationToken);
        var held = 0;
        while (!_parser.IsComplete) held = await ReceiveAsync(held, cancellationToken);
        return _parser.Reply;
    }

    /// <summary>Sends a request and waits for the first bytes of its body; the rest stays under way.</summary>
    /// <exception cref="InvalidDataException">The answer is no stream.</exception>
    public async Task BeginAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        await SendAsync(request, cancellationToken);
        var held = 0;
        while (!_parser.HasBodyBytes && !_parser.IsComplete) held = await ReceiveAsync(held, cancellationToken);
        if (_parser.Reply.Status != 200) throw new InvalidDataException($"Status {_parser.Reply.Status} for a stream.");
    }

    public void Dispose() => _socket.Dispose();

    private ValueTask<int> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        _parser.Reset();
        return _socket.SendAsync(request, SocketFlags.None, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReceiveAsync(int held, CancellationToken cancellationToken)
    {
        var count = await _socket.ReceiveAsync(_buffer.AsMemory(held), SocketFlags.None, cancellationToken);
        if (count == 0) throw new InvalidDataException("The connection was closed before the answer was complete.");
        held += count;
        var used = _parser.Feed(_buffer.AsSpan(0, held));
        _buffer.AsSpan(used, held - used).CopyTo(_buffer);
        return held - used;
    }
}
