using System.Net;
using Microsoft.AspNetCore.Http;
using Penstock.Hosting;

namespace Penstock.Http;

/// <summary>
/// Whether keys of the environment may serve a request that brings none. Only requests that surely come from this
/// machine and from no web page: otherwise any site that the user visits could spend his money through his browser.
/// </summary>
internal sealed class EnvironmentKeyRule(ListenerFacts listeners)
{
    public bool Allows(HttpRequest request)
    {
        if (!listeners.AllLoopback || !IsLoopbackName(request.Host.Host)) return false;
        var headers = request.Headers;
        if (headers.Origin is { Count: > 0 } origin && !listeners.OwnOrigins.Contains(origin.ToString(), StringComparer.OrdinalIgnoreCase)) return false;
        foreach (var (name, _) in headers)
        {
            if (name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase) || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)) return false;
        }

        return true;
    }

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
