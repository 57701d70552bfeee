namespace Penstock.Routing;

/// <summary>How long to wait before the next attempt when the provider states no wish.</summary>
internal static class Backoff
{
    private const double FirstMs = 1_000;
    private const double MaxMs = 32_000;

    /// <param name="repeat">0 before the first repeat.</param>
    /// <returns>Doubled for every repeat up to 32 s, times a uniform ½ to 1, so that clients do not return in step.</returns>
    public static TimeSpan Delay(int repeat, Chance chance) =>
        TimeSpan.FromMilliseconds(Math.Min(FirstMs * Math.Pow(2, repeat), MaxMs) * (0.5 + (chance.Next() / 2)));
}
