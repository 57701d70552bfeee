using System.Net;
using System.Net.Sockets;

namespace Penstock.Transport;

/// <summary>Opens connections to providers.</summary>
/// <param name="guard">Decides about addresses behind host names that callers give.</param>
internal sealed class Dialer(AddressGuard guard, TimeProvider time, INetwork network)
{
    /// <summary>
    /// Names that the operator gave: rows, and hosts that he trusts. As many as providers may be slow at once without the
    /// next one waiting.
    /// </summary>
    private const int OperatorsLookups = 64;

    /// <summary>Names that callers gave. Whoever has a slow name server must not keep the others from theirs.</summary>
    private const int CallersLookups = 16;

    private const int CallersLookupsPerDomain = 4;

    /// <summary>The attempt that a request belongs to, so that its clock learns when it has a connection.</summary>
    public static readonly HttpRequestOptionsKey<AttemptClock> Clock = new("penstock.clock");

    private readonly ConnectionRace _race = new(time, network.ConnectAsync);
    private readonly NameLookups _operators = new(network, OperatorsLookups, OperatorsLookups);
    private readonly NameLookups _callers = new(network, CallersLookups, CallersLookupsPerDomain);

    /// <summary>For hosts that the operator named.</summary>
    public ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        ConnectAsync(context.DnsEndPoint, isGuarded: false, cancellationToken);

    /// <summary>For hosts that a caller named: the addresses that DNS really gives are checked, and only those are called.</summary>
    public ValueTask<Stream> ConnectGuardedAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        ConnectAsync(context.DnsEndPoint, isGuarded: true, cancellationToken);

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, bool isGuarded, CancellationToken cancellationToken)
    {
        var lookups = isGuarded && !guard.IsTrusted(endpoint) ? _callers : _operators;
        IPAddress[] addresses = IPAddress.TryParse(endpoint.Host, out var literal) ? [literal] : await ResolveAsync(lookups, endpoint.Host, cancellationToken);
        if (isGuarded) addresses = guard.Filter(endpoint, addresses);
        return new NetworkStream(await _race.ConnectAsync(addresses, endpoint.Port, cancellationToken), ownsSocket: true);
    }

    private static async Task<IPAddress[]> ResolveAsync(NameLookups lookups, string host, CancellationToken cancellationToken)
    {
        // RFC 6761, section 6.3: names below localhost are loopback, whatever a server may say. Not every system knows it.
        var name = host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ? "localhost" : host;
        var addresses = await lookups.ResolveAsync(name, cancellationToken);
        return addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.HostNotFound);
    }
}
