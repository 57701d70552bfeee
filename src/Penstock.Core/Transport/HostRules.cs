using System.Net;

namespace Penstock.Transport;

/// <summary>
/// Which hosts a caller may name: the rules about the text of a custom host. Where a name really leads is decided by
/// <see cref="AddressGuard"/> when it is resolved.
/// </summary>
internal sealed class HostRules
{
    private const string HowToTrust = "Add it to 'trusted_hosts' in penstock.json if it is yours.";

    private static readonly TrustedHost[] LoopbackNames = Parse(["localhost", "127.0.0.1", "::1", "host.docker.internal"]);

    private readonly TrustedHost[] _trusted;
    private readonly TrustedHost[] _loopback;

    /// <param name="trusted">Entries in the forms of <see cref="TrustedHost"/>; one that has none of them trusts nothing.</param>
    /// <param name="trustLoopback">Whether loopback names are trusted: only while Penstock itself listens on loopback alone.</param>
    public HostRules(IEnumerable<string> trusted, bool trustLoopback)
    {
        _trusted = Parse(trusted);
        _loopback = trustLoopback ? LoopbackNames : [];
    }

    /// <returns>Null when the URL may be called, else a clause whose subject is the URL: "'http://10.1.2.3' is a private address. …".</returns>
    public string? Check(string url)
    {
        if (CustomHost.Parse(url, out var host) is { } fault) return fault;
        var (origin, name, address, port, _) = host!;
        var kind = address is null ? null : AddressRules.KindOf(address);
        if (kind == "metadata" || HostNameRules.IsMetadata(name)) return $"'{origin}' is the metadata service of a cloud, which is never called.";
        if (Covers(_trusted, name, address, port)) return null;
        if (!Covers(_loopback, name, address, port))
        {
            if (kind is not null) return $"'{origin}' is a {kind} address. {HowToTrust}";
            if (HostNameRules.IsLocal(name)) return $"'{origin}' is a name of a local network. {HowToTrust}";
            if (HostNameRules.IsRebinding(name)) return $"'{origin}' belongs to a service whose names lead to private addresses. {HowToTrust}";
            if (HostNameRules.IsPunycode(name)) return $"'{origin}' is an internationalised name, which can be made to look like another. {HowToTrust}";
        }

        return HostNameRules.IsForeignPort(port) ? $"'{origin}' uses the port {port}, which belongs to another kind of service. {HowToTrust}" : null;
    }

    /// <summary>Whether a host may lead to any address but a metadata service.</summary>
    /// <param name="host">A name or an address.</param>
    public bool IsTrusted(string host, int port)
    {
        var name = host.ToLowerInvariant();
        var address = IPAddress.TryParse(name, out var parsed) ? CustomHost.Plain(parsed) : null;
        return Covers(_trusted, name, address, port) || Covers(_loopback, name, address, port);
    }

    private static bool Covers(TrustedHost[] hosts, string name, IPAddress? address, int port)
    {
        foreach (var host in hosts)
        {
            if (host.Covers(name, address, port)) return true;
        }

        return false;
    }

    private static TrustedHost[] Parse(IEnumerable<string> entries)
    {
        var hosts = new List<TrustedHost>();
        foreach (var entry in entries)
        {
            if (TrustedHost.TryParse(entry, out var host)) hosts.Add(host);
        }

        return [.. hosts];
    }
}
