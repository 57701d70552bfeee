using Penstock.Hosting;
using Penstock.Http;
using Penstock.Providers;
using Penstock.Snapshot;

namespace Penstock.Core.Tests.Http;

public sealed class HostPolicyTests
{
    [Fact]
    public void Trusts_what_the_file_and_the_environment_list()
    {
        var rules = Policy("a.corp", "b.corp, 10.0.0.5:8000,,", isLocal: false).ForConnections;

        Assert.Null(rules.Check("http://a.corp"));
        Assert.Null(rules.Check("http://b.corp"));
        Assert.Null(rules.Check("http://10.0.0.5:8000"));
        Assert.NotNull(rules.Check("http://c.corp"));
        Assert.NotNull(rules.Check("http://localhost:11434"));
    }

    [Fact]
    public void Trusts_loopback_while_nobody_else_can_reach_us() =>
        Assert.Null(Policy("a.corp", null, isLocal: true).ForConnections.Check("http://localhost:11434"));

    /// <summary>We may be open to this machine alone, and a proxy on it to everybody.</summary>
    [Fact]
    public void Trusts_loopback_for_requests_of_this_machine_only()
    {
        var policy = Policy("a.corp", null, isLocal: true);

        Assert.Null(policy.For(Snapshot("a.corp"), isLocal: true).Check("http://localhost:11434"));
        Assert.NotNull(policy.For(Snapshot("a.corp"), isLocal: false).Check("http://localhost:11434"));
        Assert.Null(policy.For(Snapshot("a.corp"), isLocal: false).Check("http://a.corp"));
    }

    [Fact]
    public void Keeps_its_rules_for_a_snapshot()
    {
        var policy = Policy("a.corp", null, isLocal: true);
        var other = Snapshot("b.corp");

        Assert.Same(policy.ForConnections, policy.ForConnections);
        Assert.Null(policy.For(other, isLocal: true).Check("http://b.corp"));
        Assert.NotNull(policy.ForConnections.Check("http://b.corp"));
    }

    private static HostPolicy Policy(string trusted, string? alsoTrusted, bool isLocal) =>
        new(new SnapshotSource(Snapshot(trusted)), new ListenerFacts(isLocal, []), alsoTrusted);

    private static GatewaySnapshot Snapshot(string trusted) =>
        new() { Settings = new GatewaySettings { TrustedHosts = [trusted] }, Catalogue = Catalogue.BuiltIn };
}
