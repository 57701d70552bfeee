using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Penstock.Tests.World;

/// <summary>A server that does with each connection exactly what a test says, byte by byte.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Func<RawConnection, Task> _serve;
    private readonly Task _accepting;
    private int _connections;

    /// <param name="serve">Runs for each connection, which ends when it returns.</param>
    /// <param name="port">0 for any that is free.</param>
    public RawServer(Func<RawConnection, Task> serve, IPAddress? address = null, int port = 0)
    {
        _serve = serve;
        _listener = new TcpListener(address ?? IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections => Volatile.Read(ref _connections);

    public Uri Uri(string path = "/", string host = "127.0.0.1") => new($"http://{host}:{Port}{path}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var running = new List<Task>();
        try
        {
            while (true) running.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        var number = Interlocked.Increment(ref _connections);
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await _serve(new RawConnection(number, socket, stream, _stop.Token));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // The other side hung up, or the test is over.
        }
    }
}

/// <param name="Number">1 for the first connection of a server.</param>
internal sealed record RawConnection(int Number, Socket Socket, NetworkStream Stream, CancellationToken Stop)
{
    /// <returns>The head and the body that its Content-Length announces; empty when the client hung up.</returns>
    public async Task<string> ReadRequestAsync()
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (!Encoding.Latin1.GetString([.. bytes]).EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await Stream.ReadAsync(one, Stop) == 0) return "";
            bytes.Add(one[0]);
        }

        var head = Encoding.UTF8.GetString([.. bytes]);
        const string announced = "Content-Length: ";
        var at = head.IndexOf(announced, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return head;
        var body = new byte[int.Parse(head.AsSpan(at + announced.Length, head.IndexOf('\r', at) - at - announced.Length), System.Globalization.CultureInfo.InvariantCulture)];
        await Stream.ReadExactlyAsync(body, Stop);
        return head + Encoding.UTF8.GetString(body);
    }

    public Task WriteAsync(string text) => Stream.WriteAsync(Encoding.UTF8.GetBytes(text), Stop).AsTask();

    public Task AnswerAsync(string body, string headers = "") =>
        WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}");

    /// <summary>Completes when the client closes the connection, whatever it still sends.</summary>
    public async Task ClosedAsync()
    {
        var buffer = new byte[4096];
        while (await Stream.ReadAsync(buffer, Stop) > 0)
        {
        }
    }

    /// <summary>Ends the connection with a reset instead of an orderly close.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Close();
    }
}
