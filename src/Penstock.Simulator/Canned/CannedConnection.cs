using System.Buffers.Text;
using System.Net.Sockets;
using Penstock.Simulator.Wire;

namespace Penstock.Simulator.Canned;

/// <summary>The fast path: find the end of a request, send bytes that are ready. Allocates nothing per request.</summary>
internal sealed class CannedConnection(Socket socket, CannedBytes bytes, CannedAnswers answers, PacedStreams paced, Action served) : IConnection
{
    private const int SearchedBytes = 512;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(64 * 1024);
    private int _received;

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (await ReadRequestAsync() is { } answer)
            {
                served();
                if (answer.Paced is > 0 and var interval) await paced.SendAsync(socket, bytes.Stream, interval);
                else if (answer.Paced is not null) await SendEachAsync(stopping);
                else await socket.SendAsync(answer.Whole, SocketFlags.None, stopping);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client left, or the simulator stops.
        }
        finally
        {
            socket.Dispose();
        }
    }

    public void Abort() => socket.Dispose();

    /// <summary>Reads <c>paced</c> or <c>paced-N</c>.</summary>
    /// <returns>The interval in ms; null when the name is another.</returns>
    private static int? PaceOf(ReadOnlySpan<byte> name, int byDefault)
    {
        if (!name.StartsWith("paced"u8)) return null;
        return name.StartsWith("paced-"u8) && Utf8Parser.TryParse(name["paced-".Length..], out int milliseconds, out _) ? milliseconds : byDefault;
    }

    private async Task SendEachAsync(CancellationToken stopping)
    {
        foreach (var block in bytes.Stream) await socket.SendAsync(block, SocketFlags.None, stopping);
    }

    private async ValueTask<(ReadOnlyMemory<byte> Whole, int? Paced)?> ReadRequestAsync()
    {
        CannedRequest? framing;
        while ((framing = CannedRequest.TryRead(_buffer.AsSpan(0, _received))) is null)
        {
            if (_received == _buffer.Length || !await ReceiveAsync()) return null;
        }

        // What tells the answer is taken from the first bytes of the body, before they make room for more.
        var request = framing.Value;
        var wanted = request.IsChunked ? SearchedBytes : (int)Math.Min(request.BodyBytes, SearchedBytes);
        while (_received < request.HeadBytes + wanted && !(request.IsChunked && EndsChunks(request.HeadBytes)))
        {
            if (!await ReceiveAsync()) return null;
        }

        var answer = Choose(request);
        return await SkipAsync(request) ? answer : null;
    }

    private (ReadOnlyMemory<byte> Whole, int? Paced) Choose(CannedRequest request)
    {
        var start = _buffer.AsSpan(request.HeadBytes, Math.Min(SearchedBytes, _received - request.HeadBytes));
        var at = start.IndexOf("\"canned-"u8);
        if (at >= 0)
        {
            var name = start[(at + "\"canned-".Length)..];
            if (name.StartsWith("burst"u8)) return (bytes.Burst, null);
            if (PaceOf(name, answers.PaceMs) is { } pace) return (default, pace);
        }

        return (request.IsEmbedding ? bytes.Embeddings : bytes.Small, null);
    }

    /// <summary>Drops head and body; what was received behind them stays.</summary>
    private async ValueTask<bool> SkipAsync(CannedRequest request)
    {
        if (request.IsChunked)
        {
            while (!EndsChunks(request.HeadBytes))
            {
                // The last bytes are kept: the end mark may come in two parts.
                if (_received == _buffer.Length) KeepLast(request.HeadBytes);
                if (!await ReceiveAsync()) return false;
            }

            _received = 0;
            return true;
        }

        var rest = request.HeadBytes + request.BodyBytes;
        while (rest > _received)
        {
            rest -= _received;
            _received = 0;
            if (!await ReceiveAsync()) return false;
        }

        _buffer.AsSpan((int)rest, _received - (int)rest).CopyTo(_buffer);
        _received -= (int)rest;
        return true;
    }

    /// <summary>Whether the received bytes end as a chunked body ends. A raw CRLF cannot stand in a JSON string.</summary>
    private bool EndsChunks(int start)
    {
        var body = _buffer.AsSpan(start, _received - start);
        return body.EndsWith("\r\n0\r\n\r\n"u8) || body.SequenceEqual("0\r\n\r\n"u8);
    }

    private void KeepLast(int start)
    {
        var last = _buffer.AsSpan(_received - 7, 7);
        last.CopyTo(_buffer.AsSpan(start));
        _received = start + 7;
    }

    private async ValueTask<bool> ReceiveAsync()
    {
        var read = await socket.ReceiveAsync(_buffer.AsMemory(_received), SocketFlags.None);
        _received += read;
        return read > 0;
    }
}
