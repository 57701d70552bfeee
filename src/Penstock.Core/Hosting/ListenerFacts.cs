namespace Penstock.Hosting;

/// <summary>What is known of our own listeners once they are open.</summary>
public sealed record ListenerFacts(bool AllLoopback, IReadOnlyList<string> OwnOrigins);
