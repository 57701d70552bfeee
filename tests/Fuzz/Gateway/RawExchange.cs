using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Penstock.Fuzz.Tests.Gateway;

/// <summary>What came back over a connection that served one request.</summary>
/// <param name="Status">0 when the connection ended without an answer.</param>
/// <param name="Head">Status line and headers, each byte as a character.</param>
/// <param name="Body">Without its chunks' borders.</param>
/// <param name="IsWhole">Whether the framing says that nothing is missing.</param>
internal sealed record RawExchange(int Status, string Head, byte[] Body, bool IsWhole)
{
    public string? Header(string name)
    {
        foreach (var line in Head.Split("\r\n").Skip(1))
        {
            if (line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)) return line[(name.Length + 1)..].Trim();
        }

        return null;
    }

    /// <summary>Sends the pieces and reads until the gateway closes the connection.</summary>
    /// <exception cref="OperationCanceledException">It does not within the patience of a test.</exception>
    public static async Task<RawExchange> RunAsync(Uri gateway, IEnumerable<ReadOnlyMemory<byte>> request, bool isHead, bool endsSending = false)
    {
        var patience = Patience.Token;
        using var client = new TcpClient();
        client.NoDelay = true;
        await client.ConnectAsync(gateway.Host, gateway.Port, patience);
        var stream = client.GetStream();
        var answer = new MemoryStream();
        try
        {
            foreach (var piece in request) await stream.WriteAsync(piece, patience);
            if (endsSending) client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(answer, patience);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The gateway hung up: on a request that is none, or in the middle of an answer that broke.
        }

        return Read(answer.ToArray(), isHead);
    }

    private static RawExchange Read(byte[] answer, bool isHead)
    {
        var end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        if (end < 0) return new RawExchange(0, "", [], false);
        var bare = new RawExchange(int.Parse(Encoding.Latin1.GetString(answer.AsSpan(9, 3)), CultureInfo.InvariantCulture), Encoding.Latin1.GetString(answer.AsSpan(0, end)), [], true);
        var rest = answer[(end + 4)..];
        if (isHead) return bare;
        if (bare.Header("Content-Length") is { } length) return bare with { Body = rest, IsWhole = rest.Length == long.Parse(length, CultureInfo.InvariantCulture) };
        return bare.Header("Transfer-Encoding") is "chunked" ? Join(bare, rest) : bare with { Body = rest };
    }

    private static RawExchange Join(RawExchange bare, ReadOnlySpan<byte> chunks)
    {
        var body = new MemoryStream();
        while (true)
        {
            var line = chunks.IndexOf("\r\n"u8);
            if (line < 0) return bare with { Body = body.ToArray(), IsWhole = false };
            var size = int.Parse(Encoding.ASCII.GetString(chunks[..line]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            chunks = chunks[(line + 2)..];
            if (size == 0) return bare with { Body = body.ToArray() };
            if (chunks.Length < size + 2) return bare with { Body = body.ToArray(), IsWhole = false };
            body.Write(chunks[..size]);
            chunks = chunks[(size + 2)..];
        }
    }
}
