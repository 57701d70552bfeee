using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Penstock.Transport;

namespace Penstock.Tests.World;

/// <summary>A network of a test's own: names have the addresses that it says, and every address leads where it says.</summary>
/// <param name="resolve">The addresses of a name; it throws for a name that has none.</param>
/// <param name="route">Where a connection really goes; null refuses it. Not given: to the address itself.</param>
internal sealed class TestNetwork(Func<string, Task<IPAddress[]>> resolve, Func<IPEndPoint, IPEndPoint?>? route = null) : INetwork
{
    private readonly SystemNetwork _system = new();

    public TestNetwork(Func<string, IPAddress[]> resolve, Func<IPEndPoint, IPEndPoint?>? route = null)
        : this(name => Task.FromResult(resolve(name)), route)
    {
    }

    /// <summary>Every name that was looked up.</summary>
    public ConcurrentQueue<string> Names { get; } = new();

    /// <summary>Every address to which a connection was opened, or tried.</summary>
    public ConcurrentQueue<IPEndPoint> Called { get; } = new();

    public Task<IPAddress[]> ResolveAsync(string name)
    {
        Names.Enqueue(name);
        return resolve(name);
    }

    public Task<Socket> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        Called.Enqueue(endpoint);
        var end = route is null ? endpoint : route(endpoint);
        return end is null ? throw new SocketException((int)SocketError.ConnectionRefused) : _system.ConnectAsync(end, cancellationToken);
    }
}
