using System.Net;
using System.Net.Sockets;

namespace Penstock.Transport;

/// <summary>
/// Connects to the first of several addresses that answers. They start one after the other, a quarter of a second apart
/// or as soon as one failed, so that a dead address costs little and a good one is not called twice.
/// </summary>
/// <remarks>Source: RFC 8305 (Happy Eyeballs), sections 4 and 5.</remarks>
/// <param name="connect">Opens one connection; cancelled when another address was faster.</param>
internal sealed class ConnectionRace(TimeProvider time, Func<IPEndPoint, CancellationToken, Task<Socket>> connect)
{
    /// <summary>A name with more addresses than this is no reason to call them all.</summary>
    public const int MaxAddresses = 8;

    public static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(250);

    /// <param name="addresses">At least one, in the order in which the resolver prefers them.</param>
    /// <exception cref="SocketException">No address could be reached; that of the first one.</exception>
    public async Task<Socket> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        if (addresses.Length == 1) return await connect(new IPEndPoint(addresses[0], port), cancellationToken);

        var waiting = new Queue<IPAddress>(InTurns(addresses).Take(MaxAddresses));
        var running = new List<Task<Socket>>();
        Exception? failure = null;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (waiting.Count > 0 || running.Count > 0)
            {
                if (waiting.TryDequeue(out var address)) running.Add(connect(new IPEndPoint(address, port), over.Token));
                var first = Task.WhenAny(running);
                if (waiting.Count > 0 && await Task.WhenAny(first, Task.Delay(Stagger, time, over.Token)) != first)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    continue;
                }

                var done = await first;
                running.Remove(done);
                if (done.IsCompletedSuccessfully) return await done;
                failure ??= done.Exception?.InnerException;
            }
        }
        finally
        {
            await over.CancelAsync();
            foreach (var loser in running) _ = CloseAsync(loser);
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw failure ?? new SocketException((int)SocketError.TimedOut);
    }

    /// <summary>IPv6 and IPv4 by turns, so that a broken network of one family does not come first eight times.</summary>
    private static IEnumerable<IPAddress> InTurns(IPAddress[] addresses)
    {
        var others = new Queue<IPAddress>(addresses.Where(address => address.AddressFamily != addresses[0].AddressFamily));
        foreach (var address in addresses.Where(address => address.AddressFamily == addresses[0].AddressFamily))
        {
            yield return address;
            if (others.TryDequeue(out var other)) yield return other;
        }

        foreach (var other in others) yield return other;
    }

    private static async Task CloseAsync(Task<Socket> loser)
    {
        try
        {
            (await loser).Dispose();
        }
        catch (Exception)
        {
            // It lost the race by failing, or was cancelled: there is nothing to close.
        }
    }
}
