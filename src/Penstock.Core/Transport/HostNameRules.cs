using System.Collections.Frozen;

namespace Penstock.Transport;

/// <summary>Names and ports that no provider of the open Internet has. Names that are not here are judged when they are resolved.</summary>
internal static class HostNameRules
{
    /// <summary>Metadata services of the clouds, never called.</summary>
    private static readonly FrozenSet<string> MetadataNames = FrozenSet.Create(
        StringComparer.Ordinal,
        "metadata", "metadata.google.internal", "metadata.goog", "metadata.azure.com", "metadata.azure.internal",
        "metadata.tencentyun.com", "instance-data", "instance-data.ec2.internal");

    /// <summary>Each stands for itself and for all names below it.</summary>
    private static readonly string[] LocalDomains =
    [
        "localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "home.arpa", "corp", "private",
        "test", "invalid", "onion", "consul", "svc", "kubernetes", "kubernetes.default",
    ];

    /// <summary>Public names that lead to whatever address the name spells, or to loopback.</summary>
    private static readonly string[] RebindingDomains =
    [
        "nip.io", "sslip.io", "xip.io", "localtest.me", "lvh.me", "vcap.me", "traefik.me", "localhost.run", "rbndr.us", "1u.ms",
    ];

    /// <summary>Ports of services that trust whoever can reach them, or that can be made to do something by the text of a request.</summary>
    private static readonly FrozenSet<int> ForeignPorts =
    [
        20, 21, 22, 23, 25, 53, 69, 110, 111, 135, 137, 138, 139, 143, 161, 389, 445, 465, 512, 513, 514, 587, 636, 873, 993, 995,
        1433, 1521, 2049, 2181, 2375, 2376, 2377, 2379, 2380, 3306, 3389, 4194, 4369, 5432, 5672, 5900, 5984, 5985, 5986, 6379,
        6380, 6443, 6667, 7001, 8500, 8600, 9042, 9092, 9160, 9200, 9300, 10250, 10255, 10256, 11211, 15672, 25672, 26379, 27017,
        27018, 27019, 28017, 50070, 61616,
    ];

    public static bool IsMetadata(string name) => MetadataNames.Contains(name);

    public static bool IsLocal(string name) => IsBelowAny(name, LocalDomains);

    public static bool IsRebinding(string name) => IsBelowAny(name, RebindingDomains);

    /// <summary>Internationalised names can be made to look like others.</summary>
    public static bool IsPunycode(string name) => name.StartsWith("xn--", StringComparison.Ordinal) || name.Contains(".xn--", StringComparison.Ordinal);

    public static bool IsForeignPort(int port) => ForeignPorts.Contains(port);

    private static bool IsBelowAny(string name, string[] domains)
    {
        foreach (var domain in domains)
        {
            if (name.EndsWith(domain, StringComparison.Ordinal) && (name.Length == domain.Length || name[^(domain.Length + 1)] == '.')) return true;
        }

        return false;
    }
}
