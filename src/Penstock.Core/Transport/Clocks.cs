namespace Penstock.Transport;

/// <summary>
/// The five clocks of an attempt, in milliseconds. Null: not stated here, so the level above decides; 0: off.
/// </summary>
/// <param name="ConnectMs">Until the connection stands, TLS included.</param>
/// <param name="HeadersMs">Until the response headers (<c>request_timeout</c>).</param>
/// <param name="FirstTokenMs">Until the first event with content.</param>
/// <param name="IdleMs">Between two reads of the body, pings included.</param>
/// <param name="TotalMs">For the attempt as a whole.</param>
internal sealed record Clocks(int? ConnectMs, int? HeadersMs, int? FirstTokenMs, int? IdleMs, int? TotalMs)
{
    public static Clocks Unset { get; } = new(null, null, null, null, null);

    /// <summary>What holds when nobody says anything.</summary>
    public static Clocks BuiltIn { get; } = new(10_000, 600_000, 0, 300_000, 0);

    /// <summary>These, and where they are silent the others.</summary>
    public Clocks Over(Clocks below) => new(
        ConnectMs ?? below.ConnectMs,
        HeadersMs ?? below.HeadersMs,
        FirstTokenMs ?? below.FirstTokenMs,
        IdleMs ?? below.IdleMs,
        TotalMs ?? below.TotalMs);
}
