using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Penstock.Snapshot;
using Penstock.Transport;

namespace Penstock.Fuzz.Tests.Providers;

/// <summary>A host is what the framework's own URL takes it for, or it is refused.</summary>
public sealed class HostFuzz
{
    private static readonly string[] Pieces =
    [
        "http://", "https://", "HTTP://", "//", "/", ":", "@", "?", "#", "\\", ".", "[", "]", "%", "localhost", "127.0.0.1", "0x7f.1", "2130706433", "0177.0.0.1", "::1", "::ffff:127.0.0.1", "fe80::1%25eth0",
        "169.254.169.254", "metadata.google.internal", "10.0.0.1", "8.8.8.8", "api.example.com", "example.com", "xn--e1awd7f", "é.com", "1.2.3", "256.1.1.1", ":80", ":0", ":65536", ":443", ":22", "/v1", "a", "-", "_", "*.",
        "64:ff9b::7f00:1", "2002:7f00:1::", "0", "nip.io", " ", "\t", "%2e", "０", "。",
    ];

    private static readonly HostRules Open = new([], trustLoopback: true);

    private static readonly HostRules Closed = new([], trustLoopback: false);

    [Fact]
    public Task What_passes_is_a_public_host() => new FuzzTarget<string>(Create, Check, Shrink.Text, Show.Text, 12_000).RunAsync();

    [Fact]
    public Task An_entry_of_trusted_hosts_covers_only_itself() => new FuzzTarget<string>(Create, CheckTrusted, Shrink.Text, Show.Text, 4_000).RunAsync();

    [Fact]
    public Task An_address_to_listen_on_is_one_that_the_server_reads() => new FuzzTarget<string>(Create, CheckListen, Shrink.Text, Show.Text, 4_000).RunAsync();

    private static string Create(Dice dice)
    {
        var text = dice.OneIn(3) ? dice.Pick("http://", "https://") + dice.Pick(Pieces) + dice.Pick("", ":80", "/v1", ":8080/x") : string.Concat(Enumerable.Range(0, 1 + dice.Size(6)).Select(_ => dice.Pick(Pieces)));
        return dice.OneIn(5) ? Encoding.UTF8.GetString(Mutator.Damage(dice, Encoding.UTF8.GetBytes(text))) : text;
    }

    private static void Check(string url)
    {
        var isOpen = Open.Check(url) is null;
        if (Closed.Check(url) is { } fault)
        {
            Assert.NotEmpty(fault);
            if (!isOpen) return;
            Assert.Null(CustomHost.Parse(url, out var loopback));
            Assert.True(loopback!.Name.EndsWith("localhost", StringComparison.Ordinal) || loopback.Name is "host.docker.internal" || IPAddress.IsLoopback(loopback.Address!), url);
            return;
        }

        Assert.True(isOpen);
        Assert.Null(CustomHost.Parse(url, out var host));
        var uri = new Uri(url);
        Assert.True(uri.Scheme is "http" or "https");
        Assert.Equal("", uri.UserInfo);
        Assert.Equal(host!.Port, uri.Port);
        Assert.All(url, letter => Assert.InRange(letter, '!', '~'));
        if (host.Address is null) Assert.Equal(host.Name, uri.IdnHost);
        else Assert.True(AddressRules.IsPublic(IPAddress.Parse(uri.Host)), url);

        // What a resolver could still take for a number.
        Assert.False(host.Address is null && IPAddress.TryParse(host.Name, out _), url);
    }

    private static void CheckTrusted(string entry)
    {
        if (!TrustedHost.TryParse(entry, out var trusted)) return;
        Assert.False(trusted.Covers("other.example", null, 80));
        Assert.False(trusted.Covers("8.8.4.4", IPAddress.Parse("8.8.4.4"), 80));
        Assert.Null(new HostRules([entry], trustLoopback: false).Check("https://api.other.com/v1"));
        Assert.NotNull(new HostRules([entry], trustLoopback: true).Check("http://169.254.169.254/"));
    }

    private static void CheckListen(string text)
    {
        if (ListenAddresses.Read(text, out var fault) is not { } address)
        {
            Assert.NotEmpty(fault);
            return;
        }

        Assert.Empty(fault);
        var read = BindingAddress.Parse(address);
        Assert.Equal("http", read.Scheme);
        Assert.Equal("", read.PathBase);
        Assert.InRange(read.Port, 0, 65535);
        Assert.True(read.Host is "*" or "+" or "localhost" || IPAddress.TryParse(read.Host, out _), address);
    }
}
