namespace Penstock.Config;

/// <param name="Attempts">Repeats after the first call, 0 to 5.</param>
/// <param name="OnStatus">Statuses that are worth a repeat. Failures of the network always are.</param>
/// <param name="UseRetryAfter">Wait as long as a 429 or 503 asks for.</param>
internal sealed record RetryPolicy(int Attempts, StatusSet OnStatus, bool UseRetryAfter)
{
    /// <summary>More are cut to this, so that a config cannot multiply an outage.</summary>
    public const int MaxAttempts = 5;

    public static StatusSet DefaultStatuses { get; } = new([429, 500, 502, 503, 504]);

    public static RetryPolicy None { get; } = new(0, DefaultStatuses, false);
}
