using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Penstock.Simulator.Tests;

/// <summary>A client that sends bytes and shows how the connection ended.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Whether the last read ended with a reset.</summary>
    public bool WasReset { get; private set; }

    public static async Task<RawClient> ConnectAsync(int port)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(IPAddress.Loopback, port, Stop);
        return client;
    }

    /// <summary>The bytes of a chat request.</summary>
    public static string Request(int port, string json, string extraHeaders = "", string target = "/v1/chat/completions") =>
        $"POST {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer sk-sim\r\nContent-Type: application/json\r\n{extraHeaders}Content-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}";

    public async Task SendAsync(string text) => await _socket.SendAsync(Encoding.UTF8.GetBytes(text), SocketFlags.None, Stop);

    /// <summary>Reads until the text occurs.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        var read = new StringBuilder();
        while (!read.ToString().Contains(text, StringComparison.Ordinal))
        {
            var block = await ReadAsync();
            Assert.True(block.Length > 0, $"The connection ended before '{text}': {read}");
            read.Append(block);
        }

        return read.ToString();
    }

    /// <summary>Reads until the connection ends, in whatever way.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var read = new StringBuilder();
        while (await ReadAsync() is { Length: > 0 } block) read.Append(block);
        return read.ToString();
    }

    public void Dispose() => _socket.Dispose();

    private async Task<string> ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            return Encoding.Latin1.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, SocketFlags.None, Stop));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            WasReset = true;
            return "";
        }
    }
}
