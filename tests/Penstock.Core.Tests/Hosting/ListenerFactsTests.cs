using Penstock.Hosting;

namespace Penstock.Tests.Hosting;

/// <summary>What counts as reachable from this machine alone.</summary>
public sealed class ListenerFactsTests
{
    [Fact]
    public void Nothing_counts_as_loopback_before_it_is_known()
    {
        var facts = new ListenerFacts();
        Assert.False(facts.AllLoopback);
        Assert.Empty(facts.OwnOrigins);
        Assert.False(facts.Known.IsCompleted);
    }

    [Theory]
    [InlineData(true, "http://localhost:8787")]
    [InlineData(true, "http://127.0.0.1:8787")]
    [InlineData(true, "http://127.8.8.8:1")]
    [InlineData(true, "http://[::1]:8787")]
    [InlineData(true, "http://localhost:8787", "http://127.0.0.1:9000")]
    [InlineData(false, "http://[::]:8787")]
    [InlineData(false, "http://0.0.0.0:8787")]
    [InlineData(false, "http://192.168.1.5:8787")]
    [InlineData(false, "http://127.0.0.1:8787", "http://192.168.1.5:8787")]
    [InlineData(false, "http://unix:/run/penstock.sock")]
    [InlineData(false, "http://localhost.example.org:1")]
    [InlineData(false, "http://*:8787")]
    [InlineData(false)]
    public void Only_listeners_that_are_all_loopback_count(bool allLoopback, params string[] addresses)
    {
        var facts = new ListenerFacts();
        facts.Learn(addresses);
        Assert.True(facts.Known.IsCompletedSuccessfully);
        Assert.Equal(allLoopback, facts.AllLoopback);
        Assert.Equal(allLoopback, facts.OwnOrigins.Count > 0);
    }

    [Fact]
    public void Own_origins_are_all_names_of_a_loopback_listener()
    {
        var facts = new ListenerFacts();
        facts.Learn(["http://127.0.0.1:8787", "http://localhost:80"]);
        Assert.Equal(
            ["http://localhost:8787", "http://127.0.0.1:8787", "http://[::1]:8787", "http://localhost", "http://127.0.0.1", "http://[::1]"],
            facts.OwnOrigins);
    }

    [Fact]
    public void Only_the_first_word_counts()
    {
        var facts = new ListenerFacts(false, []);
        facts.Learn(["http://localhost:8787"]);
        Assert.False(facts.AllLoopback);
    }
}
