namespace Penstock.Security.Tests;

/// <summary>Hosts that a caller must not reach, in every spelling that some reader of URLs takes for them.</summary>
internal static class HostSpellings
{
    /// <summary>Behind a scheme and before a path.</summary>
    private static readonly string[] Authorities =
    [
        // Loopback, IPv4
        "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.1", "0x7F.0x0.0x0.0x1", "0177.0.0.1",
        "017700000001", "00000177.0.0.1", "0x7f.0.1", "127.0.0.0x1", "127.0.0.1:80", "127.0.0.1:8787", "0", "0.0.0.0", "0.0.0.0:8787", "00",
        "0x0", "127.0.0.1.", "127.0.0.1..", "4294967296", "340282366920938463463374607431768211457",

        // Loopback, IPv6
        "[::1]", "[::1]:8787", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:127.0.0.1]", "[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::5efe:127.0.0.1]", "[::1%25lo]", "[::1%lo]", "[fe80::1%25eth0]", "::1", "[::1", "[::1]x", "[::1].",

        // Private networks
        "10.0.0.1", "10.1", "167772161", "0xa000001", "012.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.168.257", "3232235777",
        "100.64.0.1", "100.127.255.255", "169.254.1.1", "192.0.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1",
        "[fc00::1]", "[fd12:3456::1]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[::ffff:10.0.0.1]", "[::10.0.0.1]", "[64:ff9b::10.0.0.1]", "[2002:a00:1::]",
        "[2001:db8::1]", "[100::1]", "[5f00::1]",

        // Metadata services
        "169.254.169.254", "169.254.43518", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "0xa9.0xfe.0xa9.0xfe", "169.254.169.254:80",
        "169.254.170.2", "169.254.170.23", "169.254.0.23", "168.63.129.16", "100.100.100.200", "192.0.0.192", "[fd00:ec2::254]", "[fd20:ce::254]",
        "[fe80::a9fe:a9fe]", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]", "metadata", "metadata.google.internal",
        "METADATA.google.internal", "metadata.google.internal.", "metadata.goog", "metadata.azure.com", "instance-data", "instance-data.ec2.internal",

        // Names
        "localhost", "LOCALHOST", "LocalHost:8787", "localhost.", "localhost..", "x.localhost", "localhost.localdomain", "localhost6", "ip6-localhost",
        "host.docker.internal", "gateway.docker.internal", "kubernetes.default.svc", "redis.default.svc.cluster.local", "printer.local", "vault.service.consul",
        "127.0.0.1.nip.io", "127-0-0-1.sslip.io", "localtest.me", "spoofed.localtest.me", "lvh.me", "rebound.example", "mixed.example",
        "xn--lcalhost-54a", "api.xn--p1ai", "a_b.example", "-.example", "..", ".", "",

        // What is not ASCII, or is escaped
        "１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1", "127．0．0．1", "ｌｏｃａｌｈｏｓｔ", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "loc\u00adalhost", "localho\u017ft", "%31%32%37.0.0.1", "127%2e0%2e0%2e1",
        "%6cocalhost", "localhost%00.example", "localhost%2eexample", "١٢٧.٠.٠.١",

        // Two hosts in one
        "api.example@127.0.0.1", "127.0.0.1@api.example", "user:password@127.0.0.1", "api.example:80@127.0.0.1", "127.0.0.1\\@api.example",
        "127.0.0.1#@api.example", "127.0.0.1#.api.example", "127.0.0.1?@api.example", "api.example\\.127.0.0.1", "127.0.0.1,api.example",
        "api.example,127.0.0.1", "127.0.0.1;api.example", "[api.example]@127.0.0.1", "127.0.0.1:80:80", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:99999",
        "127.0.0.1:08787", "api.example:22", "api.example:6379", "127.0.0.1 api.example", "127.0.0.1\tapi.example",
    ];

    /// <summary>Of the whole URL.</summary>
    private static readonly string[] Urls =
    [
        "http:127.0.0.1", "http:/127.0.0.1", "http:///127.0.0.1", "http:\\\\127.0.0.1", "http:/\\127.0.0.1", "//127.0.0.1", "127.0.0.1", "localhost:8787",
        "file:///etc/passwd", "file://127.0.0.1/x", "gopher://127.0.0.1:6379/_x", "ftp://127.0.0.1", "ws://127.0.0.1", "unix:///var/run/docker.sock",
        "data:text/plain,x", "jar:http://127.0.0.1", "http+unix://x", "HtTp://LoCaLhOsT", "javascript:x",
    ];

    public static IEnumerable<string> All =>
        Authorities.Select(authority => "http://" + authority).Concat(Urls).Concat(["https://127.0.0.1/v1", "https://localhost/v1", "https://169.254.169.254/latest/meta-data/", "http://127.0.0.1/v1/../x"]);

    /// <summary>Spellings of a public address, which may be called.</summary>
    public static IEnumerable<string> Public =>
        ["http://api.example", "http://API.Example:8080", "http://8.8.8.8", "http://134744072", "http://0x8.0x8.0x8.0x8", "http://010.8.8.8", "http://[::ffff:8.8.8.8]", "http://[2606:4700::1111]"];
}
