using Penstock.Json;
using Penstock.Transport;

namespace Penstock.Config;

/// <summary>Reads the clocks that one level states: <c>timeouts</c>, and <c>request_timeout</c> for the response headers.</summary>
internal static class ClockReader
{
    public static Clocks Read(ConfigObject node)
    {
        var headersMs = ReadRequestTimeout(node);
        if (node.Object("timeouts", ConfigMembers.Timeouts) is not { } timeouts) return Clocks.Unset with { HeadersMs = headersMs };
        foreach (var (name, _) in timeouts.Others)
        {
            // Ours alone, so no client relies on unknown members here: a typing error would be a clock that never runs.
            timeouts.FaultOther(name, $"Unknown clock '{ShortText.Of(name)}'. The clocks are {string.Join(", ", ConfigMembers.Timeouts.All)}.");
        }

        var clocks = new Clocks(
            ReadClock(timeouts, "connect_ms"),
            ReadClock(timeouts, "headers_ms"),
            ReadClock(timeouts, "first_token_ms"),
            ReadClock(timeouts, "idle_ms"),
            ReadClock(timeouts, "total_ms"));
        if (headersMs is null) return clocks;
        if (clocks.HeadersMs is not null) timeouts.Fault("headers_ms", "'request_timeout' and 'timeouts.headers_ms' set the same clock. Give one of them.");
        return clocks with { HeadersMs = headersMs };
    }

    /// <summary>0 states nothing here, as callers of this format expect; in <c>timeouts</c> it turns a clock off.</summary>
    private static int? ReadRequestTimeout(ConfigObject node) =>
        node.Number("request_timeout") is { } ms and > 0 ? (int)Math.Min(Math.Ceiling(ms), int.MaxValue) : null;

    private static int? ReadClock(ConfigObject timeouts, string name)
    {
        if (timeouts.Get(name) is not { IsNull: false } part) return null;
        if (part.TryGetNumber(out var ms) && ms is >= 0 and <= int.MaxValue && double.IsInteger(ms)) return (int)ms;
        timeouts.Fault(name, ConfigObject.Expected($"a whole number of milliseconds from 0 (off) to {int.MaxValue}, or null,", part));
        return null;
    }
}
