using System.Net;
using System.Net.Sockets;

namespace Penstock.Transport;

/// <summary>Opens connections to providers.</summary>
/// <param name="guard">Decides about addresses behind host names that callers give.</param>
/// <param name="resolve">Gives the addresses of a host name; the system's resolver unless a test puts its own here.</param>
internal sealed class Dialer(AddressGuard guard, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    /// <summary>The attempt that a request belongs to, so that its clock learns when it has a connection.</summary>
    public static readonly HttpRequestOptionsKey<AttemptClock> Clock = new("penstock.clock");

    private readonly ConnectionRace _race = new(time, OpenAsync);

    /// <summary>For hosts that the operator named.</summary>
    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        ConnectAsync(context.DnsEndPoint, isGuarded: false, cancellationToken);

    /// <summary>For hosts that a caller named: the addresses that DNS really gives are checked, and only those are called.</summary>
    public ValueTask<Stream> ConnectGuardedAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        ConnectAsync(context.DnsEndPoint, isGuarded: true, cancellationToken);

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, bool isGuarded, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(endpoint.Host, out var literal) ? [literal] : await ResolveAsync(endpoint.Host, cancellationToken);
        if (isGuarded) addresses = guard.Filter(endpoint, addresses);
        return new NetworkStream(await _race.ConnectAsync(addresses, endpoint.Port, cancellationToken), ownsSocket: true);
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        // RFC 6761, section 6.3: names below localhost are loopback, whatever a server may say. Not every system knows it.
        var name = host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ? "localhost" : host;

        // The system's resolver cannot be interrupted on every system; at least nobody waits for it.
        var addresses = await (resolve ?? Dns.GetHostAddressesAsync)(name, cancellationToken).WaitAsync(cancellationToken);
        return addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.HostNotFound);
    }

    private static async Task<Socket> OpenAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
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
