using Microsoft.AspNetCore.Http;
using Penstock.Hosting;
using Penstock.Json;
using Penstock.Pipeline;
using Penstock.Snapshot;

namespace Penstock.Http;

/// <summary>
/// Which web pages may use configs of <c>penstock.json</c>, which hold the operator's keys: those of <c>cors_origins</c> and
/// our own. Any other site could spend the operator's money through the browser of whoever can reach this gateway, by a
/// request whose answer it need not read, or by a name of its own that leads to our address (DNS rebinding).
/// </summary>
internal sealed class SavedConfigRule(ListenerFacts listeners)
{
    /// <returns>Null, or why saved configs are closed to the request.</returns>
    public GatewayError? Refusal(HttpRequest request, GatewaySettings settings)
    {
        if (IsForeignName(request.Host.Value, settings))
        {
            return Closed(
                $"it came under the name '{ShortText.Of(HostName.Of(request.Host.Value).ToString())}', under which a web page could reach it too. If that name is this gateway's, add it to 'allowed_hosts' in penstock.json.",
                "host");
        }

        var headers = request.Headers;
        if (headers.Origin is { Count: > 0 } origins)
        {
            return origins.Count == 1 && IsAllowed(origins[0], request, settings)
                ? null
                : Closed($"it comes from a web page of '{ShortText.Of(origins.ToString())}'. Add that origin to 'cors_origins' in penstock.json if it is yours.", "origin");
        }

        return headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            ? null
            : Closed("it comes from a web page of another site.", "sec-fetch-site");
    }

    /// <summary>Behind a loopback address or a list of names, any other name is one that somebody gave to our address.</summary>
    private bool IsForeignName(string? host, GatewaySettings settings) =>
        (listeners.AllLoopback || !settings.AllowedHosts.IsEmpty) && !HostName.IsLoopback(host) && !IsListed(host, settings);

    private bool IsAllowed(string? origin, HttpRequest request, GatewaySettings settings) =>
        settings.CorsOrigins.Contains("*")
        || (origin is not null && (listeners.IsOwnOrigin(origin) || settings.CorsOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase) || IsOwnPage(origin, request, settings)));

    /// <summary>A page that came from here, under a name that is ours.</summary>
    private static bool IsOwnPage(string origin, HttpRequest request, GatewaySettings settings) =>
        IsListed(request.Host.Value, settings)
        && (origin.Equals("https://" + request.Host.Value, StringComparison.OrdinalIgnoreCase) || origin.Equals("http://" + request.Host.Value, StringComparison.OrdinalIgnoreCase));

    private static bool IsListed(string? host, GatewaySettings settings) =>
        !settings.AllowedHosts.IsEmpty && settings.AllowedHosts.Contains(HostName.Of(host).ToString(), StringComparer.OrdinalIgnoreCase);

    private static GatewayError Closed(string reason, string header) =>
        new(403, "This request may not use a saved config: " + reason, "permission_error", "saved_config_closed", header);
}
