using System.Net;

namespace Penstock.Transport;

/// <summary>
/// The rule for addresses behind host names that callers give, asked when a connection is opened: what a name meant
/// when its text was checked need not be what it means now.
/// </summary>
internal sealed class AddressGuard(Func<HostRules> rules)
{
    /// <returns>The addresses that may be called, at least one.</returns>
    /// <exception cref="ForbiddenAddressException">None may.</exception>
    public IPAddress[] Filter(DnsEndPoint endpoint, IPAddress[] addresses)
    {
        var isTrusted = IsTrusted(endpoint);
        var allowed = Array.FindAll(addresses, address => isTrusted ? !AddressRules.IsMetadata(address) : AddressRules.IsPublic(address));
        return allowed.Length > 0 ? allowed : throw new ForbiddenAddressException(endpoint.Host);
    }

    /// <summary>Whether the operator trusts the host, so that its name may lead inside.</summary>
    public bool IsTrusted(DnsEndPoint endpoint) => rules().IsTrusted(endpoint.Host, endpoint.Port);
}
