using System.Net;
using System.Net.Sockets;

namespace Penstock.Transport;

/// <summary>What kind of address an IP address is: the ranges that a host named by a caller must not lead to.</summary>
/// <remarks>
/// Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890), RFC 6052 (NAT64), and the
/// documentation of the clouds for their metadata services.
/// </remarks>
internal static class AddressRules
{
    private const string Metadata = "metadata";

    /// <summary>The first match counts, so metadata services come before the ranges that they lie in.</summary>
    private static readonly (IPNetwork Range, string Kind)[] Ranges =
    [
        Range("169.254.169.0/24", Metadata), // AWS, Google, Azure, DigitalOcean, Oracle and most others
        Range("169.254.170.2/32", Metadata), // AWS: containers
        Range("169.254.170.23/32", Metadata), // AWS: pods
        Range("169.254.42.42/32", Metadata), // Scaleway
        Range("169.254.0.23/32", Metadata), // Tencent
        Range("100.100.100.200/32", Metadata), // Alibaba
        Range("168.63.129.16/32", Metadata), // Azure: looks public
        Range("192.0.0.192/32", Metadata), // Oracle
        Range("fd00:ec2::/96", Metadata), // AWS
        Range("fd20:ce::254/128", Metadata), // Google
        Range("fd00:42::42/128", Metadata), // Scaleway
        Range("fe80::a9fe:a9fe/128", Metadata), // OpenStack

        Range("0.0.0.0/8", "reserved"), // "this host": reaches loopback on Linux
        Range("10.0.0.0/8", "private"),
        Range("100.64.0.0/10", "private"), // carrier-grade NAT
        Range("127.0.0.0/8", "loopback"),
        Range("169.254.0.0/16", "link-local"),
        Range("172.16.0.0/12", "private"),
        Range("192.0.0.0/24", "reserved"),
        Range("192.0.2.0/24", "documentation"),
        Range("192.88.99.0/24", "reserved"), // 6to4 relays
        Range("192.168.0.0/16", "private"),
        Range("198.18.0.0/15", "benchmark"),
        Range("198.51.100.0/24", "documentation"),
        Range("203.0.113.0/24", "documentation"),
        Range("224.0.0.0/4", "multicast"),
        Range("240.0.0.0/4", "reserved"),

        Range("fc00::/7", "private"), // unique local
        Range("fe80::/10", "link-local"),
        Range("fec0::/10", "private"), // site-local
        Range("ff00::/8", "multicast"),
        Range("64:ff9b:1::/48", "private"), // NAT64 of a network's own
        Range("2001::/23", "reserved"), // Teredo, benchmarks, ORCHID
        Range("2001:db8::/32", "documentation"),
        Range("2002::/16", "reserved"), // 6to4
        Range("3fff::/20", "documentation"),
    ];

    /// <summary>All of IPv6 that is given out. Whatever lies outside is reserved.</summary>
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>
    /// IPv6 ranges that carry an IPv4 address from that byte on, because a packet to the one may end at the other. Judged:
    /// the address is what the embedded one is; else only a metadata service is looked for.
    /// </summary>
    private static readonly (IPNetwork Range, int Offset, bool IsJudged)[] Carriers =
    [
        (IPNetwork.Parse("::/96"), 12, true), // compatible
        (IPNetwork.Parse("64:ff9b::/96"), 12, true), // NAT64
        (IPNetwork.Parse("::ffff:0:0:0/96"), 12, false), // translated
        (IPNetwork.Parse("64:ff9b:1::/48"), 12, false), // NAT64 of a network's own
        (IPNetwork.Parse("2002::/16"), 2, false), // 6to4
    ];

    /// <summary>Whether the address lies in the open Internet.</summary>
    public static bool IsPublic(IPAddress address) => KindOf(address) is null;

    /// <summary>Whether the address is a cloud's metadata service, which gives credentials to whoever asks from inside.</summary>
    public static bool IsMetadata(IPAddress address) => KindOf(address) == Metadata;

    /// <returns>Null for a public address, else one word: "private", "loopback", "metadata" …</returns>
    public static string? KindOf(IPAddress address)
    {
        if (IPAddress.IsLoopback(address)) return "loopback";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork) return KindIn(address);
        foreach (var (carrier, offset, isJudged) in Carriers)
        {
            if (!carrier.Contains(address)) continue;
            var kind = KindIn(new IPAddress(address.GetAddressBytes().AsSpan(offset, 4)));
            if (isJudged || kind == Metadata) return kind;
        }

        return KindIn(address) ?? (GlobalUnicast.Contains(address) ? null : "reserved");
    }

    private static string? KindIn(IPAddress address)
    {
        foreach (var (range, kind) in Ranges)
        {
            if (range.Contains(address)) return kind;
        }

        return null;
    }

    private static (IPNetwork, string) Range(string cidr, string kind) => (IPNetwork.Parse(cidr), kind);
}
