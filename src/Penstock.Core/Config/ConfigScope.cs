using Penstock.Providers;
using Penstock.Transport;

namespace Penstock.Config;

/// <summary>What a config may refer to.</summary>
/// <param name="Catalogue">The providers that it may name.</param>
/// <param name="Hosts">The rules for hosts that callers name.</param>
/// <param name="IsOperators">
/// True for configs of <c>penstock.json</c>: who writes that file may send requests where he likes, so its hosts are not
/// held against <paramref name="Hosts"/>; they must only be http or https URLs.
/// </param>
internal sealed record ConfigScope(Catalogue Catalogue, HostRules Hosts, bool IsOperators = false)
{
    /// <returns>Null when requests may go to that URL, else what is wrong with it: a clause whose subject is the URL.</returns>
    public string? CheckHost(string url)
    {
        if (!IsOperators) return Hosts.Check(url);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return "is not an absolute http or https URL.";
        return uri.UserInfo.Length > 0 ? "holds a name or password before its host, which would not be sent. Give the key as 'api_key'." : null;
    }
}
