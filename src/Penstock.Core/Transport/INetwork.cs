using System.Net;
using System.Net.Sockets;

namespace Penstock.Transport;

/// <summary>What lies outside this process: names that have addresses, and addresses that can be called. Tests bring their own.</summary>
internal interface INetwork
{
    /// <summary>May take half a minute, and never holds a thread of the pool meanwhile.</summary>
    /// <exception cref="SocketException">The name has no address, or nobody can say.</exception>
    Task<IPAddress[]> ResolveAsync(string name);

    /// <exception cref="SocketException">Nothing answers there.</exception>
    Task<Socket> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken);
}
