using System.Net;
using System.Text;
using Penstock.Transport;

namespace Penstock.Core.Tests.Transport;

public sealed class HostRulesTests
{
    private static readonly HostRules Strict = new([], trustLoopback: false);
    private static readonly HostRules Local = new([], trustLoopback: true);

    [Theory]
    [InlineData("https://api.example.com/v1")]
    [InlineData("https://api.example.com")]
    [InlineData("https://API.Example.COM/v1/")]
    [InlineData("HTTPS://api.example.com/v1")]
    [InlineData("https://api.example.com:8443/v1")]
    [InlineData("http://api.example.com:80")]
    [InlineData("http://api.example.com:")]
    [InlineData("https://api.example.com/v1?version=2")]
    [InlineData("https://a.b.c.d.e.f.g.h.i.com")]
    [InlineData("http://singlelabel:8000")]
    [InlineData("http://8.8.8.8")]
    [InlineData("http://134744072")]
    [InlineData("http://0x08080808")]
    [InlineData("http://010.8.8.8")]
    [InlineData("http://[2606:4700::1]/v1")]
    [InlineData("https://[2606:4700::1]:8443")]
    [InlineData("http://[::ffff:8.8.8.8]")]
    [InlineData("https://notnip.io")]
    [InlineData("https://mylocal.com")]
    [InlineData("https://metadata.example.com")]
    public void Accepts(string url) => Assert.Null(Strict.Check(url));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("api.example.com")]
    [InlineData("//api.example.com")]
    [InlineData("/v1")]
    [InlineData("file:///etc/passwd")]
    [InlineData("data:text/plain,x")]
    [InlineData("gopher://example.com")]
    [InlineData("ftp://example.com")]
    [InlineData("ftps://example.com")]
    [InlineData("ws://example.com")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http:example.com")]
    [InlineData("http:/example.com")]
    [InlineData("http:///example.com")]
    [InlineData("http:////example.com")]
    [InlineData("http://")]
    [InlineData("http://:80")]
    [InlineData("http://?x")]
    [InlineData(" https://api.example.com")]
    [InlineData("https://api.example.com ")]
    [InlineData("https://api.example.com\r\nX: y")]
    [InlineData("https://api.example.com/\u0000")]
    [InlineData("https://api.example.com\u007f")]
    [InlineData("https://api.example.com\t")]
    [InlineData("https://api.example.com\\@10.0.0.1")]
    [InlineData("https:\\\\api.example.com")]
    [InlineData("https://api.example.com#")]
    [InlineData("https://evil.example#.good.example")]
    [InlineData("https://u:p@api.example.com")]
    [InlineData("https://u@api.example.com")]
    [InlineData("https://@api.example.com")]
    [InlineData("https://api.example.com/a@b")]
    [InlineData("https://api.example.com/?a@b")]
    [InlineData("https://api%2eexample.com")]
    [InlineData("http://%31%32%37.0.0.1")]
    [InlineData("https://a_b.example.com")]
    [InlineData("https://a{b}.example.com")]
    [InlineData("https://a|b.example.com")]
    [InlineData("https://a*b.example.com")]
    [InlineData("https://a!b.example.com")]
    [InlineData("https://-a")]
    [InlineData("https://api..example.com")]
    [InlineData("https://.example.com")]
    [InlineData("https://api.example.com.")]
    [InlineData("http://127.0.0.1.")]
    [InlineData("https://1.2.3.4.5.6.7.8.9.example.com")]
    [InlineData("https://bücher.example")]
    [InlineData("https://xn--bcher-kva.example")]
    [InlineData("https://api.xn--p1ai")]
    [InlineData("http://１２７.０.０.１")]
    [InlineData("http://①②⑦.0.0.1")]
    [InlineData("http://127。0。0。1")]
    [InlineData("https://api.example.com:0")]
    [InlineData("https://api.example.com:65536")]
    [InlineData("https://api.example.com:-1")]
    [InlineData("https://api.example.com:80:80")]
    [InlineData("https://api.example.com:8x")]
    [InlineData("https://api.example.com:22")]
    [InlineData("https://api.example.com:25")]
    [InlineData("https://api.example.com:445")]
    [InlineData("https://api.example.com:3306")]
    [InlineData("https://api.example.com:5432")]
    [InlineData("https://api.example.com:6379")]
    [InlineData("https://api.example.com:6443")]
    [InlineData("https://api.example.com:9200")]
    [InlineData("https://api.example.com:27017")]
    [InlineData("https://api.portkey.ai/v1")]
    [InlineData("https://example.com/api.Portkey")]
    [InlineData("http://localhost")]
    [InlineData("http://localhost:11434")]
    [InlineData("http://x.localhost")]
    [InlineData("http://localhost.localdomain")]
    [InlineData("http://host.docker.internal:11434")]
    [InlineData("http://printer.local")]
    [InlineData("http://svc.internal")]
    [InlineData("http://wiki.intranet")]
    [InlineData("http://nas.lan")]
    [InlineData("http://nas.home")]
    [InlineData("http://nas.home.arpa")]
    [InlineData("http://wiki.corp")]
    [InlineData("http://a.test")]
    [InlineData("http://a.invalid")]
    [InlineData("http://a.onion")]
    [InlineData("http://redis.default.svc.cluster.local")]
    [InlineData("http://redis.default.svc")]
    [InlineData("http://kubernetes")]
    [InlineData("http://kubernetes.default")]
    [InlineData("http://vault.service.consul")]
    [InlineData("http://ip-10-0-0-1.ec2.internal")]
    [InlineData("http://ip-10-0-0-1.us-west-2.compute.internal")]
    [InlineData("http://127.0.0.1.nip.io")]
    [InlineData("http://10-0-0-1.sslip.io")]
    [InlineData("http://xip.io")]
    [InlineData("http://localtest.me")]
    [InlineData("http://a.lvh.me")]
    [InlineData("http://a.vcap.me")]
    [InlineData("http://a.traefik.me")]
    [InlineData("http://a.localhost.run")]
    [InlineData("http://metadata")]
    [InlineData("http://metadata.google.internal")]
    [InlineData("http://metadata.azure.com")]
    [InlineData("http://instance-data")]
    [InlineData("http://0.0.0.0")]
    [InlineData("http://0")]
    [InlineData("http://127.0.0.1:1234")]
    [InlineData("http://127.1")]
    [InlineData("http://127.0.1")]
    [InlineData("http://2130706433")]
    [InlineData("http://0x7f.1")]
    [InlineData("http://0x7f000001")]
    [InlineData("http://0x7F.0x0.0x0.0x1")]
    [InlineData("http://0177.0.0.1")]
    [InlineData("http://017700000001")]
    [InlineData("http://00000177.0.0.1")]
    [InlineData("http://127.255.255.254")]
    [InlineData("http://10.1.2.3")]
    [InlineData("http://172.16.0.1")]
    [InlineData("http://172.31.255.255")]
    [InlineData("http://192.168.0.1")]
    [InlineData("http://100.64.1.1")]
    [InlineData("http://169.254.1.1")]
    [InlineData("http://169.254.169.254")]
    [InlineData("http://2852039166")]
    [InlineData("http://0xa9fea9fe")]
    [InlineData("http://168.63.129.16")]
    [InlineData("http://192.0.2.1")]
    [InlineData("http://198.18.0.1")]
    [InlineData("http://203.0.113.9")]
    [InlineData("http://224.0.0.1")]
    [InlineData("http://255.255.255.255")]
    [InlineData("http://4294967295")]
    [InlineData("http://4294967296")]
    [InlineData("http://256.1.1.1")]
    [InlineData("http://08.1.1.1")]
    [InlineData("http://1.2.3.4.5")]
    [InlineData("http://0x")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::1]x/")]
    [InlineData("http://[::1")]
    [InlineData("http://::1/")]
    [InlineData("http://[::]")]
    [InlineData("http://[]")]
    [InlineData("http://[0:0:0:0:0:0:0:1]:80")]
    [InlineData("http://[::ffff:127.0.0.1]")]
    [InlineData("http://[::ffff:7f00:1]")]
    [InlineData("http://[::ffff:169.254.169.254]")]
    [InlineData("http://[::127.0.0.1]")]
    [InlineData("http://[64:ff9b::10.0.0.1]")]
    [InlineData("http://[64:ff9b:1::1]")]
    [InlineData("http://[2002:7f00:1::]")]
    [InlineData("http://[2001:0:1234::1]")]
    [InlineData("http://[fd00:ec2::254]")]
    [InlineData("http://[fe80::1]")]
    [InlineData("http://[fe80::1%25eth0]")]
    [InlineData("http://[fc00::1]")]
    [InlineData("http://[ff02::1]")]
    public void Refuses(string url)
    {
        var fault = Strict.Check(url);

        Assert.NotNull(fault);
        Assert.EndsWith(".", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_url_longer_than_2048_characters()
    {
        var url = "https://api.example.com/";

        Assert.Null(Strict.Check(url.PadRight(2048, 'a')));
        Assert.NotNull(Strict.Check(url.PadRight(2049, 'a')));
    }

    [Fact]
    public void Refuses_a_name_that_no_resolver_would_take()
    {
        Assert.NotNull(Strict.Check("https://" + new string('a', 64) + ".example.com"));
        Assert.NotNull(Strict.Check("https://" + string.Join('.', Enumerable.Repeat(new string('a', 60), 5)) + ".com"));
    }

    [Fact]
    public void States_the_fact_and_the_fix()
    {
        Assert.Equal("'http://10.1.2.3' is a private address. Add it to 'trusted_hosts' in penstock.json if it is yours.", Strict.Check("http://10.1.2.3/v1"));
        Assert.Equal("'http://169.254.169.254' is the metadata service of a cloud, which is never called.", Strict.Check("http://169.254.169.254"));
        Assert.Equal("does not begin with http:// or https://.", Strict.Check("api.example.com"));
    }

    [Theory]
    [InlineData("https://user:hunter2@10.0.0.1")]
    [InlineData("http://10.0.0.1/v1?key=hunter2")]
    [InlineData("http://10.0.0.1/hunter2")]
    [InlineData("hunter2")]
    [InlineData("http://hunter2\r\n")]
    public void Repeats_nothing_that_may_be_a_secret(string url) =>
        Assert.DoesNotContain("hunter2", Strict.Check(url), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://localhost:11434/v1")]
    [InlineData("http://LOCALHOST")]
    [InlineData("http://x.localhost")]
    [InlineData("http://127.0.0.1:1234")]
    [InlineData("http://2130706433")]
    [InlineData("http://0x7f.1")]
    [InlineData("http://[::1]:8000")]
    [InlineData("http://[0:0::1]")]
    [InlineData("http://[::ffff:127.0.0.1]")]
    [InlineData("http://host.docker.internal:8080")]
    public void Trusts_loopback_names_while_told_so(string url) => Assert.Null(Local.Check(url));

    [Theory]
    [InlineData("http://127.0.0.2")]
    [InlineData("http://10.0.0.1")]
    [InlineData("http://localhost.evil.local")]
    [InlineData("http://localhost:6379")]
    [InlineData("http://127.0.0.1:22")]
    [InlineData("http://localhost:0")]
    [InlineData("http://u@localhost")]
    public void Trusts_no_more_than_loopback_names(string url) => Assert.NotNull(Local.Check(url));

    [Theory]
    [InlineData("10.0.0.5", "http://10.0.0.5", true)]
    [InlineData("10.0.0.5", "http://10.0.0.5:9200", true)]
    [InlineData("10.0.0.5", "http://0x0a.5", true)]
    [InlineData("0x0a.5", "http://10.0.0.5", true)]
    [InlineData("10.0.0.5", "http://[::ffff:10.0.0.5]", true)]
    [InlineData("10.0.0.5", "http://10.0.0.6", false)]
    [InlineData("10.0.0.5:8000", "http://10.0.0.5:8000/v1", true)]
    [InlineData("10.0.0.5:8000", "http://10.0.0.5", false)]
    [InlineData("10.0.0.5:8000", "http://10.0.0.5:22", false)]
    [InlineData("http://10.0.0.5:8000/v1", "http://10.0.0.5:8000", true)]
    [InlineData("https://models.corp", "https://models.corp", true)]
    [InlineData("https://models.corp", "http://models.corp:8080", false)]
    [InlineData("models.corp", "http://models.corp:8080", true)]
    [InlineData(" Models.Corp ", "http://models.corp", true)]
    [InlineData("models.corp", "http://a.models.corp", false)]
    [InlineData("models.corp", "http://models.corp.lan", false)]
    [InlineData("*.models.corp", "http://a.models.corp", true)]
    [InlineData("*.models.corp", "http://a.b.models.corp", true)]
    [InlineData("*.models.corp", "http://models.corp", false)]
    [InlineData("*.models.corp", "http://xmodels.corp", false)]
    [InlineData("*.models.corp:8000", "http://a.models.corp:8000", true)]
    [InlineData("*.models.corp:8000", "http://a.models.corp", false)]
    [InlineData("localhost", "http://x.localhost:9000", true)]
    [InlineData("::1", "http://[::1]:9000", true)]
    [InlineData("[::1]", "http://[::1]:9000", true)]
    [InlineData("[::1]:9000", "http://[::1]:9000", true)]
    [InlineData("[::1]:9000", "http://[::1]:9001", false)]
    [InlineData("[fd00::5]", "http://[fd00:0::5]", true)]
    [InlineData("xn--bcher-kva.example", "https://xn--bcher-kva.example", true)]
    [InlineData("*", "http://10.0.0.5", false)]
    [InlineData("*.", "http://a.local", false)]
    [InlineData("", "http://a.local", false)]
    [InlineData("10.0.0.0/8", "http://10.0.0.0", false)]
    [InlineData("*.0.0.5", "http://10.0.0.5", false)]
    [InlineData("a.local:0", "http://a.local", false)]
    [InlineData("a.local:x", "http://a.local", false)]
    [InlineData("u@a.local", "http://a.local", false)]
    [InlineData("169.254.169.254", "http://169.254.169.254", false)]
    [InlineData("fd00:ec2::254", "http://[fd00:ec2::254]", false)]
    [InlineData("168.63.129.16", "http://168.63.129.16", false)]
    [InlineData("metadata.google.internal", "http://metadata.google.internal", false)]
    [InlineData("*.internal", "http://metadata.google.internal", false)]
    [InlineData("10.0.0.5", "http://u:p@10.0.0.5", false)]
    public void Trusts_what_the_operator_lists(string entry, string url, bool isAccepted) =>
        Assert.Equal(isAccepted, new HostRules([entry], trustLoopback: false).Check(url) is null);

    [Theory]
    [InlineData("models.corp", 8000, true)]
    [InlineData("MODELS.corp", 8000, true)]
    [InlineData("models.corp", 8001, false)]
    [InlineData("localhost", 1, true)]
    [InlineData("a.localhost", 1, true)]
    [InlineData("::1", 1, true)]
    [InlineData("127.0.0.1", 1, true)]
    [InlineData("api.example.com", 443, false)]
    public void Says_which_hosts_may_lead_anywhere(string host, int port, bool isTrusted) =>
        Assert.Equal(isTrusted, new HostRules(["models.corp:8000"], trustLoopback: true).IsTrusted(host, port));

    /// <summary>Whatever is put together from such pieces: what passes leads to a host that may be called.</summary>
    [Fact]
    public void Accepts_only_what_the_library_reads_in_the_same_way()
    {
        var random = new Random(20_300_101);
        string[] pieces = ["http://", "a.example", "10.0.0.1", "[::1]", "@", ":", "80", "/", "\\", "?", "#", "%", "2e", ".", "0x7f", "localhost", "\t", "é", "[", "]", "-"];
        var accepted = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var text = new StringBuilder("http://");
            for (var n = random.Next(1, 6); n > 0; n--) text.Append(pieces[random.Next(pieces.Length)]);
            var url = text.ToString();
            if (Strict.Check(url) is not null) continue;

            accepted++;
            var called = new Uri(url.TrimEnd('/') + "/chat/completions", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            Assert.True(!IPAddress.TryParse(called.IdnHost, out var address) || AddressRules.IsPublic(address), url);
            Assert.False(called.IdnHost == "localhost" || called.IdnHost.EndsWith(".localhost", StringComparison.Ordinal), url);
        }

        Assert.True(accepted > 100, $"only {accepted} were accepted");
    }
}
