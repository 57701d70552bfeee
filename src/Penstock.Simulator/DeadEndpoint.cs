using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Penstock.Simulator;

/// <summary>An address at which no provider is to be had, in one of the ways in which that happens.</summary>
public sealed class DeadEndpoint : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _others = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _serving = Task.CompletedTask;
    private int _disposed;

    private DeadEndpoint()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
    }

    public int Port { get; }

    public string Origin => $"http://127.0.0.1:{Port}";

    public string BaseUrl => $"{Origin}/v1";

    /// <summary>The same address for a client that wants TLS.</summary>
    public string SecureBaseUrl => $"https://127.0.0.1:{Port}/v1";

    /// <summary>Refuses every connection. The port stays bound, so that nobody else can come to listen on it.</summary>
    public static DeadEndpoint Refusing() => new();

    /// <summary>Takes connections and answers the first bytes with nonsense: neither TLS nor HTTP.</summary>
    public static DeadEndpoint SpeakingGarbage()
    {
        var endpoint = new DeadEndpoint();
        endpoint._socket.Listen();
        endpoint._serving = endpoint.SpeakAsync();
        return endpoint;
    }

    /// <summary>Connections come about, and then nothing is ever read or written.</summary>
    public static DeadEndpoint NeverAnswering()
    {
        var endpoint = new DeadEndpoint();
        endpoint._socket.Listen(1024);
        return endpoint;
    }

    /// <summary>
    /// Connections do not come about: the queue of the listener is full, and Linux drops what exceeds it. Where the
    /// system does not, this is the same as <see cref="NeverAnswering"/>.
    /// </summary>
    public static DeadEndpoint NeverConnecting()
    {
        var endpoint = new DeadEndpoint();
        endpoint._socket.Listen(0);
        for (var index = 0; index < 4; index++)
        {
            var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            endpoint._others.Add(filler);
            try
            {
                filler.Connect(IPAddress.Loopback, endpoint.Port);
            }
            catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // Under way, and with a full queue it stays so.
            }
        }

        return endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _serving;
        foreach (var other in _others) other.Dispose();
        _stopping.Dispose();
    }

    private async Task SpeakAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                using var client = await _socket.AcceptAsync(_stopping.Token);
                await client.ReceiveAsync(new byte[4096], SocketFlags.None, _stopping.Token);
                await client.SendAsync(Encoding.ASCII.GetBytes("220 mail.invalid ESMTP: this is neither TLS nor HTTP\r\n"), SocketFlags.None, _stopping.Token);
                client.Shutdown(SocketShutdown.Send);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The client left, or the end.
            }
        }
    }
}
