using System.Net;
using System.Net.Sockets;

namespace Penstock.Transport;

/// <summary>Opens connections to providers, and tells the attempt's clock about it.</summary>
/// <param name="guard">Decides about addresses behind host names that callers give.</param>
internal sealed class Dialer(AddressGuard guard)
{
    /// <summary>The attempt that a request belongs to, so that a connection opened for it runs on its clock.</summary>
    public static readonly HttpRequestOptionsKey<AttemptClock> Clock = new("penstock.clock");

    /// <summary>For hosts that the operator named.</summary>
    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        OpenAsync(context, isGuarded: false, cancellationToken);

    /// <summary>For hosts that a caller named: the address that DNS really gives is checked, and that one is called.</summary>
    public ValueTask<Stream> ConnectGuardedAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        OpenAsync(context, isGuarded: true, cancellationToken);

    /// <summary>Runs when the connection stands, TLS included.</summary>
    public static ValueTask<Stream> OnConnectedAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken)
    {
        if (context.InitialRequestMessage.Options.TryGetValue(Clock, out var clock)) clock.Connected();
        return new ValueTask<Stream>(context.PlaintextStream);
    }

    private async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, bool isGuarded, CancellationToken cancellationToken)
    {
        if (context.InitialRequestMessage.Options.TryGetValue(Clock, out var clock)) clock.Connecting();
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancellationToken);
        if (isGuarded) addresses = guard.Filter(host, addresses);

        Exception? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }
}
