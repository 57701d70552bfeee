namespace Penstock.Bench.Gateways;

/// <summary>Where a gateway is started.</summary>
/// <param name="Scratch">A folder of its own for configuration and temporary files.</param>
/// <param name="Repository">The root of the source tree.</param>
internal sealed record LaunchSite(int Port, Uri Upstream, string Scratch, string Repository);
