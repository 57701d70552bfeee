using System.Net;
using Penstock.Transport;

namespace Penstock.Core.Tests.Transport;

public sealed class AddressRulesTests
{
    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.1")]
    [InlineData("169.253.255.255")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.0")]
    [InlineData("192.167.255.255")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    public void Knows_public_addresses(string address) => Assert.True(AddressRules.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("0.0.0.0", "reserved")]
    [InlineData("0.1.2.3", "reserved")]
    [InlineData("10.0.0.0", "private")]
    [InlineData("10.255.255.255", "private")]
    [InlineData("100.64.0.0", "private")]
    [InlineData("100.127.255.255", "private")]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.255.255.255", "loopback")]
    [InlineData("169.254.0.1", "link-local")]
    [InlineData("172.16.0.0", "private")]
    [InlineData("172.31.255.255", "private")]
    [InlineData("192.0.0.1", "reserved")]
    [InlineData("192.0.2.255", "documentation")]
    [InlineData("192.88.99.1", "reserved")]
    [InlineData("192.168.255.255", "private")]
    [InlineData("198.18.0.0", "benchmark")]
    [InlineData("198.19.255.255", "benchmark")]
    [InlineData("198.51.100.1", "documentation")]
    [InlineData("203.0.113.1", "documentation")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("239.255.255.255", "multicast")]
    [InlineData("240.0.0.1", "reserved")]
    [InlineData("255.255.255.255", "reserved")]
    [InlineData("::", "reserved")]
    [InlineData("::1", "loopback")]
    [InlineData("::2", "reserved")]
    [InlineData("::10.0.0.1", "private")]
    [InlineData("::ffff:10.0.0.1", "private")]
    [InlineData("::ffff:127.0.0.1", "loopback")]
    [InlineData("::ffff:0:10.0.0.1", "reserved")]
    [InlineData("64:ff9b::192.168.0.1", "private")]
    [InlineData("64:ff9b::127.0.0.1", "loopback")]
    [InlineData("64:ff9b:1::8.8.8.8", "private")]
    [InlineData("fc00::1", "private")]
    [InlineData("fdff::1", "private")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("fe80::1%3", "link-local")]
    [InlineData("febf::1", "link-local")]
    [InlineData("fec0::1", "private")]
    [InlineData("ff02::1", "multicast")]
    [InlineData("2001::1", "reserved")]
    [InlineData("2001:2::1", "reserved")]
    [InlineData("2001:db8::1", "documentation")]
    [InlineData("2002:808:808::1", "reserved")]
    [InlineData("3fff::1", "documentation")]
    [InlineData("100::1", "reserved")]
    [InlineData("5f00::1", "reserved")]
    [InlineData("4000::1", "reserved")]
    public void Knows_what_is_not(string address, string kind)
    {
        Assert.Equal(kind, AddressRules.KindOf(IPAddress.Parse(address)));
        Assert.False(AddressRules.IsPublic(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.169.123")]
    [InlineData("169.254.170.2")]
    [InlineData("169.254.170.23")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("192.0.0.192")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd20:ce::254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::169.254.169.254")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b:1::169.254.169.254")]
    [InlineData("::ffff:0:169.254.169.254")]
    [InlineData("2002:a9fe:a9fe::1")]
    public void Knows_metadata_services_in_every_dress(string address)
    {
        Assert.True(AddressRules.IsMetadata(IPAddress.Parse(address)));
        Assert.False(AddressRules.IsPublic(IPAddress.Parse(address)));
    }

    [Fact]
    public void Keeps_the_allowed_ones_of_several_addresses()
    {
        var guard = new AddressGuard(() => new HostRules(["mine.example"], trustLoopback: false));
        IPAddress[] mixed = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("8.8.8.8"), IPAddress.Parse("169.254.169.254")];

        Assert.Equal([mixed[1]], guard.Filter(new DnsEndPoint("other.example", 443), mixed));
        Assert.Equal([mixed[0], mixed[1]], guard.Filter(new DnsEndPoint("mine.example", 443), mixed));
        Assert.Throws<ForbiddenAddressException>(() => guard.Filter(new DnsEndPoint("other.example", 443), [mixed[0]]));
        Assert.Throws<ForbiddenAddressException>(() => guard.Filter(new DnsEndPoint("mine.example", 443), [mixed[2]]));
    }
}
