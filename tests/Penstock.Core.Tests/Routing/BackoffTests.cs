using Penstock.Routing;

namespace Penstock.Core.Tests.Routing;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(0, 1_000)]
    [InlineData(1, 2_000)]
    [InlineData(2, 4_000)]
    [InlineData(4, 16_000)]
    [InlineData(5, 32_000)]
    [InlineData(6, 32_000)]
    [InlineData(5_000, 32_000)]
    public void Doubles_up_to_32_seconds_and_takes_half_of_it_at_least(int repeat, double fullMs)
    {
        Assert.Equal(fullMs / 2, Backoff.Delay(repeat, new Chance(() => 0)).TotalMilliseconds);
        Assert.Equal(fullMs * 0.75, Backoff.Delay(repeat, new Chance(() => 0.5)).TotalMilliseconds);
        Assert.InRange(Backoff.Delay(repeat, new Chance(() => Math.BitDecrement(1.0))).TotalMilliseconds, fullMs * 0.999, fullMs);
    }

    [Fact]
    public void Spreads_evenly()
    {
        var random = new Random(42);
        var chance = new Chance(random.NextDouble);
        var delays = Enumerable.Range(0, 10_000).Select(_ => Backoff.Delay(0, chance).TotalMilliseconds).ToArray();

        Assert.InRange(delays.Average(), 740, 760);
        Assert.InRange(delays.Count(delay => delay < 625) / 10_000.0, 0.23, 0.27);
    }
}
