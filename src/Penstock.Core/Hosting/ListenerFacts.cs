using System.Net;

namespace Penstock.Hosting;

/// <summary>
/// What is known of our own listeners. It is learned once, from the addresses that are really open; until then nothing
/// counts as loopback, and requests that depend on it wait in <see cref="Known"/>.
/// </summary>
internal sealed class ListenerFacts
{
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Facts _facts = new(false, [], []);

    public ListenerFacts()
    {
    }

    /// <summary>Facts that are known beforehand.</summary>
    public ListenerFacts(bool allLoopback, IReadOnlyList<string> ownOrigins)
    {
        _facts = new Facts(allLoopback, ownOrigins, []);
        _known.SetResult();
    }

    /// <summary>Whether every listener can be reached from this machine alone.</summary>
    public bool AllLoopback => _facts.AllLoopback;

    /// <summary>Origins of pages that we would serve ourselves, <c>http://localhost:8787</c>; none beyond loopback.</summary>
    public IReadOnlyList<string> OwnOrigins => _facts.OwnOrigins;

    /// <summary>The open addresses, as the server names them.</summary>
    public IReadOnlyList<string> Addresses => _facts.Addresses;

    public bool IsKnown => _known.Task.IsCompleted;

    /// <summary>Completes when the listeners are open and known.</summary>
    public Task Known => _known.Task;

    /// <summary>Takes the addresses that the server has bound. Only the first call counts.</summary>
    public void Learn(IEnumerable<string> bound)
    {
        if (IsKnown) return;
        string[] addresses = [.. bound];
        var all = addresses.Select(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri : null).ToList();

        // A Unix socket or anything else that is not a URL with a loopback host counts as reachable from elsewhere.
        var allLoopback = all.Count > 0 && all.TrueForAll(uri => uri is not null && IsLoopback(uri));
        string[] origins = allLoopback ? [.. all.SelectMany(uri => OriginsOf(uri!)).Distinct(StringComparer.Ordinal)] : [];
        _facts = new Facts(allLoopback, origins, addresses);
        _known.TrySetResult();
    }

    /// <summary>"null" is what a page in a sandbox or from a file has: anybody's.</summary>
    public bool IsOwnOrigin(string? origin) => origin is not null and not "null" && OwnOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a URL, such as a referer, lies below one of them.</summary>
    public bool IsOwnPage(string? url)
    {
        if (url is null) return false;
        foreach (var own in OwnOrigins)
        {
            if (url.StartsWith(own, StringComparison.OrdinalIgnoreCase) && (url.Length == own.Length || url[own.Length] is '/' or '?')) return true;
        }

        return false;
    }

    private static bool IsLoopback(Uri uri) =>
        uri.Scheme is "http" or "https" && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host, out var address) && IPAddress.IsLoopback(address)));

    /// <summary>The names under which a browser on this machine reaches a loopback listener.</summary>
    private static IEnumerable<string> OriginsOf(Uri uri)
    {
        var port = uri.IsDefaultPort ? "" : ":" + uri.Port;
        return [$"{uri.Scheme}://localhost{port}", $"{uri.Scheme}://127.0.0.1{port}", $"{uri.Scheme}://[::1]{port}"];
    }

    private sealed record Facts(bool AllLoopback, IReadOnlyList<string> OwnOrigins, IReadOnlyList<string> Addresses);
}
