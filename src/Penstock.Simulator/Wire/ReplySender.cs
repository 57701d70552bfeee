using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Penstock.Simulator.Wire;

/// <summary>What becomes of the connection after an answer.</summary>
internal enum AfterReply
{
    KeepAlive,
    Close,
    Reset,
}

/// <summary>Writes one answer, step by step, each step of the body one write to the socket.</summary>
internal sealed class ReplySender(Socket socket, TimeProvider time, ReceivedRequest request, bool isHttp10, bool wantsClose)
{
    /// <param name="gone">Cancelled when the client leaves.</param>
    /// <exception cref="OperationCanceledException">It left.</exception>
    /// <exception cref="SocketException">It left.</exception>
    public async Task<AfterReply> SendAsync(HttpReply reply, CancellationToken gone)
    {
        foreach (var step in reply.Before) await WaitAsync(step, gone);
        foreach (var status in reply.Informational) await WriteAsync(Latin1($"HTTP/1.1 {status} {ReasonPhrases.Of(status)}\r\n\r\n"), gone);

        var hasBody = reply.StatusCode is not (204 or 304) && request.Method != "HEAD";
        var framing = isHttp10 && reply.Framing == Framing.Chunked ? Framing.UntilClose : reply.Framing;
        var closes = reply.ClosesConnection || wantsClose || framing is Framing.UntilClose or Framing.Raw;
        var head = framing == Framing.Raw ? [] : Head(reply, framing, closes);
        if (!reply.BeforeBody.IsEmpty)
        {
            await WriteAsync(head, gone);
            head = [];
            foreach (var step in reply.BeforeBody) await WaitAsync(step, gone);
        }

        if (hasBody && await SendBodyAsync(reply, framing, head, gone) is { } cut) return cut;
        if (!hasBody) await WriteAsync(head, gone);
        return closes ? AfterReply.Close : AfterReply.KeepAlive;
    }

    private static byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);

    private static byte[] Head(HttpReply reply, Framing framing, bool closes)
    {
        var text = new StringBuilder(512);
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {reply.StatusCode} {ReasonPhrases.Of(reply.StatusCode)}\r\n");
        foreach (var (name, value) in reply.Headers) text.Append(name).Append(": ").Append(value).Append("\r\n");
        if (closes) text.Append("connection: close\r\n");
        if (framing == Framing.Chunked) text.Append("transfer-encoding: chunked\r\n");
        if (framing == Framing.ContentLength && reply.StatusCode is not (204 or 304))
        {
            // The length without the cut: the promise that a cut body breaks.
            var length = (reply with { CutAfterBytes = null }).WireSteps().Sum(static step => (long)step.Bytes.Length);
            text.Append(CultureInfo.InvariantCulture, $"content-length: {length}\r\n");
        }

        return Latin1(text.Append("\r\n").ToString());
    }

    /// <returns>Null when the body came to its end.</returns>
    private async Task<AfterReply?> SendBodyAsync(HttpReply reply, Framing framing, byte[] head, CancellationToken gone)
    {
        var unsent = head;
        foreach (var step in reply.WireSteps())
        {
            if (step.IsSend)
            {
                await WriteAsync(unsent, step.Bytes, framing, gone);
                unsent = [];
                continue;
            }

            await WriteAsync(unsent, gone);
            unsent = [];
            if (step.IsReset) return AfterReply.Reset;
            if (step.IsClose) return AfterReply.Close;
            await WaitAsync(step, gone);
        }

        await WriteAsync(unsent, gone);
        if (framing == Framing.Chunked) await WriteAsync("0\r\n\r\n"u8.ToArray(), gone);
        return null;
    }

    private async Task WaitAsync(ReplyStep step, CancellationToken gone)
    {
        if (step.Gate is not null) await step.Gate.WaitAsync(gone);
        else await Task.Delay(step.Delay, time, gone);
    }

    /// <summary>Head, chunk frame and bytes leave in one write.</summary>
    private async Task WriteAsync(byte[] head, ReadOnlyMemory<byte> bytes, Framing framing, CancellationToken gone)
    {
        if (bytes.IsEmpty)
        {
            await WriteAsync(head, gone);
            return;
        }

        if (framing != Framing.Chunked && head.Length == 0)
        {
            await WriteAsync(bytes, gone);
            return;
        }

        var block = ArrayPool<byte>.Shared.Rent(head.Length + bytes.Length + 16);
        head.CopyTo(block, 0);
        var length = head.Length;
        if (framing == Framing.Chunked)
        {
            bytes.Length.TryFormat(block.AsSpan(length), out var digits, "x", CultureInfo.InvariantCulture);
            length += digits;
            block[length++] = (byte)'\r';
            block[length++] = (byte)'\n';
        }

        bytes.Span.CopyTo(block.AsSpan(length));
        length += bytes.Length;
        if (framing == Framing.Chunked)
        {
            block[length++] = (byte)'\r';
            block[length++] = (byte)'\n';
        }

        await WriteAsync(block.AsMemory(0, length), gone);
        ArrayPool<byte>.Shared.Return(block);
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken gone)
    {
        while (!bytes.IsEmpty)
        {
            var sent = await socket.SendAsync(bytes, SocketFlags.None, gone);
            request.Wrote(sent);
            bytes = bytes[sent..];
        }
    }
}
