using System.Net.Sockets;

namespace Penstock.Simulator.Canned;

/// <summary>One stream on the wheel.</summary>
internal sealed class PacedStream(Socket socket, byte[][] blocks, int intervalMs, long firstMs)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;

    /// <summary>Completes with the last block, or with the fault that ended it.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Counted from the start of the stream, so that lateness does not add up.</summary>
    public long DueMs => firstMs + ((long)_next * intervalMs);

    /// <returns>Whether more follows.</returns>
    public async ValueTask<bool> SendNextAsync(CancellationToken cancellationToken)
    {
        try
        {
            await socket.SendAsync(blocks[_next++], SocketFlags.None, cancellationToken);
            if (_next < blocks.Length) return true;
            _ended.TrySetResult();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            _ended.TrySetException(exception);
        }

        return false;
    }

    public void Cancel() => _ended.TrySetCanceled();
}
