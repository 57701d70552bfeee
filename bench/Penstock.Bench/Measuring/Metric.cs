namespace Penstock.Bench.Measuring;

/// <summary>A quantity that cases measure.</summary>
/// <param name="Key">Its name in the JSON file.</param>
/// <param name="Title">Its name in the table, with the unit.</param>
/// <param name="HasRatio">Whether less is better and the ratio to the better forwarder says something.</param>
/// <param name="IsAdded">Whether only what a gateway adds to the direct way counts.</param>
internal sealed record Metric(string Key, string Title, string Format, bool HasRatio = false, bool IsAdded = false)
{
    public static readonly Metric CpuPerRequest = new("cpu_us_per_request", "CPU µs/request", "0.0", HasRatio: true);
    public static readonly Metric CpuPerChunk = new("cpu_us_per_chunk", "CPU µs/chunk", "0.00", HasRatio: true);
    public static readonly Metric CpuAtRate = new("cpu_us_per_request_at_rate", "CPU µs/request at the rate", "0.0", HasRatio: true);
    public static readonly Metric RequestsPerSecond = new("requests_per_second", "requests/s", "0");
    public static readonly Metric ChunksPerSecond = new("chunks_per_second", "chunks/s", "0");
    public static readonly Metric LatencyP50 = new("latency_p50_ms", "p50 ms", "0.00");
    public static readonly Metric LatencyP99 = new("latency_p99_ms", "p99 ms", "0.00");
    public static readonly Metric FirstTokenP50 = new("first_token_p50_ms", "first token p50 ms", "0.000");
    public static readonly Metric FirstTokenP99 = new("first_token_p99_ms", "first token p99 ms", "0.000");
    public static readonly Metric FirstTokenAdded = new("first_token_added_ms", "added to p50 ms", "0.000", HasRatio: true, IsAdded: true);
    public static readonly Metric ColdStart = new("cold_start_ms", "start to first answer ms", "0");
    public static readonly Metric IdleMemory = new("idle_mb", "idle MB", "0.0");
    public static readonly Metric StreamsMemory = new("idle_streams_mb", "1,000 idle streams: MB above idle", "0.0");
    public static readonly Metric LoadedMemory = new("loaded_mb", "MB after it", "0.0");

    /// <summary>Whether it belongs into a summary.</summary>
    public bool IsHeadline => HasRatio || this == LatencyP99 || this == ColdStart || this == IdleMemory || this == StreamsMemory;

    /// <summary>In the order in which tables show them.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        CpuPerRequest, CpuPerChunk, CpuAtRate, RequestsPerSecond, ChunksPerSecond, LatencyP50, LatencyP99,
        FirstTokenAdded, FirstTokenP50, FirstTokenP99, ColdStart, IdleMemory, StreamsMemory, LoadedMemory,
    ];
}
