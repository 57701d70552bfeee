using Penstock.Json;
using Penstock.Transport;

namespace Penstock.Security.Tests;

/// <summary>The pool of these tests is the one that the gateway takes its buffers from.</summary>
public sealed class PoisonPoolTests
{
    [Fact]
    public void It_is_the_gateways_pool() => Assert.IsType<PoisonPool>(BytePool.Shared);

    [Fact]
    public void What_was_given_back_shows_nothing_of_what_it_held()
    {
        var lease = new BodyLease(100);
        lease.Append("another caller's text"u8);
        var memory = lease.Memory;
        lease.Release();
        Assert.False(memory.Span.ContainsAnyExcept(PoisonPool.Pattern));
        Assert.False(lease.TryHold());
    }

    [Fact]
    public void A_lease_that_is_released_too_often_says_so_and_gives_nothing_back_twice()
    {
        var before = PoisonPool.Faults.Count;
        var lease = new BodyLease(100);
        Assert.True(lease.TryHold());
        lease.Release();
        lease.Release();
        Assert.Throws<InvalidOperationException>(lease.Release);
        Assert.Equal(before, PoisonPool.Faults.Count);
    }
}
