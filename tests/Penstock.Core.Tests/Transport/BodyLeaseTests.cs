using Penstock.Transport;

namespace Penstock.Core.Tests.Transport;

public sealed class BodyLeaseTests
{
    [Fact]
    public void Grows_with_what_is_appended()
    {
        var lease = new BodyLease(1);
        var expected = new byte[100_000];
        new Random(7).NextBytes(expected);
        foreach (var piece in expected.Chunk(777)) lease.Append(piece);

        Assert.Equal(expected.Length, lease.Length);
        Assert.True(lease.Memory.Span.SequenceEqual(expected));
        lease.Release();
    }

    [Fact]
    public void Sets_little_aside_for_a_length_that_is_only_announced()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var lease = new BodyLease(512 << 20);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
        lease.Release();
    }

    [Fact]
    public void Lives_as_long_as_its_last_holder()
    {
        var lease = new BodyLease(16);
        lease.Append("hello"u8);
        Assert.True(lease.TryHold());
        lease.Release();

        Assert.True(lease.Memory.Span.SequenceEqual("hello"u8));
        lease.Release();
        Assert.False(lease.TryHold());
    }

    [Fact]
    public void Refuses_to_be_released_twice()
    {
        var lease = new BodyLease(16);
        lease.Release();

        Assert.Throws<InvalidOperationException>(lease.Release);
    }

    /// <summary>Whoever got hold of a lease reads its bytes and nobody else's, while owners let go at any moment.</summary>
    [Fact]
    public async Task Never_shows_the_bytes_of_another()
    {
        var stop = TestContext.Current.CancellationToken;
        for (var round = 0; round < 200; round++)
        {
            var random = new Random(round);
            var leases = Enumerable.Range(0, 8).Select(i =>
            {
                var lease = new BodyLease(1024);
                lease.Append(Enumerable.Repeat((byte)i, 1024).ToArray());
                return lease;
            }).ToArray();
            var readers = leases.SelectMany((lease, i) => Enumerable.Range(0, 3).Select(_ => Task.Run(
                () =>
                {
                    if (!lease.TryHold()) return;
                    var wrong = lease.Memory.Span.ContainsAnyExcept((byte)i);
                    lease.Release();
                    Assert.False(wrong);
                },
                stop)));
            var owners = leases.OrderBy(_ => random.Next()).Select(lease => Task.Run(
                () =>
                {
                    lease.Release();
                    var next = new BodyLease(1024); // the pool gives the buffer to the next at once
                    next.Append(Enumerable.Repeat((byte)255, 1024).ToArray());
                    next.Release();
                },
                stop));
            await Task.WhenAll(readers.Concat(owners));
        }
    }
}
