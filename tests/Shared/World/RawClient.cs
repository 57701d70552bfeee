using System.Net.Sockets;
using System.Text;

namespace Penstock.Tests.World;

/// <summary>A client that sends bytes and reads what comes back: for what no HTTP library would send.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly TcpClient _socket = new();
    private readonly NetworkStream _stream;

    /// <param name="receiveBuffer">Bytes that the system takes in while nobody reads; 0: its own choice.</param>
    public RawClient(TestWorld world, int receiveBuffer = 0)
    {
        if (receiveBuffer > 0) _socket.ReceiveBufferSize = receiveBuffer;
        var address = new Uri(world.Address);
        _socket.Connect(address.Host, address.Port);
        _stream = _socket.GetStream();
    }

    private static CancellationToken Stop => Patience.Token;

    /// <summary>The head of a request to <c>p0</c>, without the blank line that ends it.</summary>
    public static string Head(string path = "/v1/chat/completions", string headers = "", string contentType = "application/json") =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TestWorld.Key}\r\nx-portkey-provider: p0\r\nContent-Type: {contentType}\r\n{headers}";

    /// <param name="text">Each character is a byte.</param>
    public Task SendAsync(string text) => _stream.WriteAsync(Encoding.Latin1.GetBytes(text), Stop).AsTask();

    /// <summary>Completes when the gateway has ended the connection, whatever it still sends before.</summary>
    public async Task ClosedAsync()
    {
        var buffer = new byte[64 << 10];
        var stop = Stop;
        try
        {
            while (await _stream.ReadAsync(buffer, stop) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }

    /// <summary>Hangs up with a reset instead of an orderly close.</summary>
    public void Reset()
    {
        _socket.Client.LingerState = new LingerOption(true, 0);
        _socket.Client.Close();
    }

    /// <summary>Sends no more, and reads on.</summary>
    public void EndSending() => _socket.Client.Shutdown(SocketShutdown.Send);

    /// <summary>One answer with a length: its head and its body.</summary>
    public async Task<string> ReadAnswerAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await _stream.ReadExactlyAsync(one, Stop);
            head.Append((char)one[0]);
        }

        var text = head.ToString();
        const string announced = "Content-Length: ";
        var at = text.IndexOf(announced, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return text;
        at += announced.Length;
        var body = new byte[int.Parse(text.AsSpan(at, text.IndexOf('\r', at) - at), System.Globalization.CultureInfo.InvariantCulture)];
        await _stream.ReadExactlyAsync(body, Stop);
        return text + Encoding.UTF8.GetString(body);
    }

    /// <summary>Everything until the server closes.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var all = new MemoryStream();
        await _stream.CopyToAsync(all, Stop);
        return Encoding.Latin1.GetString(all.ToArray());
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
