using System.Net.Sockets;

namespace Penstock.Simulator.Wire;

/// <summary>One client connection: requests in, answers out, one after another, until either side ends it.</summary>
/// <remarks>
/// HTTP/1.1 over a bare socket instead of Kestrel: the faults (a reset after n bytes, a cut chunk, garbage, a close on
/// reuse) need the bytes in hand, two paths would be judged by two HTTP implementations, and this one costs less.
/// </remarks>
internal sealed class Connection(Socket socket, long id, ProviderSimulator simulator) : IConnection
{
    private readonly SocketReader _reader = new(socket);

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            var number = 0;
            while (await _reader.ReadHeadAsync() is { } head && await ServeAsync(head, ++number, stopping))
            {
            }
        }
        catch (WireException exception)
        {
            await RefuseAsync(exception, stopping);
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

    /// <returns>Whether another request may follow.</returns>
    private async Task<bool> ServeAsync(RequestHead head, int number, CancellationToken stopping)
    {
        var reply = simulator.TakeReply();
        byte[] body = [];
        var isWhole = true;
        if (reply.Reading == BodyReading.Whole)
        {
            if (head.ExpectsContinue) await socket.SendAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), SocketFlags.None, stopping);
            (body, isWhole) = await _reader.ReadBodyAsync(head, simulator.MaxBodyBytes, reply.BeforeEachRead);
        }

        var request = simulator.Receive(head, body, id, number);
        if (!isWhole)
        {
            request.Abort();
            return false;
        }

        using var gone = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        if (reply.Reading == BodyReading.Whole) _reader.WatchForEnd(gone);
        AfterReply after;
        try
        {
            var sender = new ReplySender(socket, simulator.Time, request, head.IsHttp10, head.WantsClose);
            after = await sender.SendAsync(simulator.Resolve(reply, request), gone.Token);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            if (!stopping.IsCancellationRequested) request.Abort();
            return false;
        }

        request.Complete();
        if (after == AfterReply.KeepAlive && reply.Reading == BodyReading.AfterTheAnswer)
        {
            return (await _reader.ReadBodyAsync(head, simulator.MaxBodyBytes, reply.BeforeEachRead)).IsWhole;
        }

        if (after == AfterReply.KeepAlive) return true;
        await EndAsync(after);
        return false;
    }

    /// <summary>
    /// A close in order first says so (FIN) and then reads on: closing with unread bytes would send a reset, which may
    /// destroy what the client has not read yet.
    /// </summary>
    private async Task EndAsync(AfterReply how)
    {
        if (how == AfterReply.Reset)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            return;
        }

        socket.Shutdown(SocketShutdown.Send);
        await _reader.DrainAsync();
    }

    private async Task RefuseAsync(WireException exception, CancellationToken stopping)
    {
        simulator.Violated(exception.Message);
        var body = ErrorBodies.OpenAi(exception.Message, "invalid_request_error", null, "bad_http");
        var bytes = System.Text.Encoding.UTF8.GetBytes(
            $"HTTP/1.1 {exception.Status} {ReasonPhrases.Of(exception.Status)}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {System.Text.Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
        try
        {
            await socket.SendAsync(bytes, SocketFlags.None, stopping);
            await EndAsync(AfterReply.Close);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody is there to be told.
        }
    }
}
