using System.Net;
using System.Net.Sockets;

namespace Penstock.Transport;

/// <summary>The machine's own network.</summary>
internal sealed class SystemNetwork : INetwork
{
    /// <summary>
    /// The system's resolver blocks and cannot be interrupted, and the framework's own asynchronous form lets it block a
    /// thread of the pool: a few names of a dead server would stop everything. So each look-up has a thread of its own,
    /// which is cheap enough for what happens once a connection.
    /// </summary>
    public Task<IPAddress[]> ResolveAsync(string name) => Task.Factory.StartNew(
        static name => Dns.GetHostAddresses((string)name!),
        name,
        CancellationToken.None,
        TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
        TaskScheduler.Default);

    public async Task<Socket> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(endpoint, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
