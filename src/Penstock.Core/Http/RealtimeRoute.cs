using Microsoft.AspNetCore.Http;
using Penstock.Pipeline;

namespace Penstock.Http;

/// <summary>What <c>/v1/realtime</c> answers while WebSockets are not relayed.</summary>
internal static class RealtimeRoute
{
    /// <returns>Null for its sub-resources, which are plain HTTP and pass.</returns>
    public static GatewayError? Refusal(HttpRequest request)
    {
        if (request.Path.Value?.TrimEnd('/') != "/v1/realtime") return null;
        return request.Headers.Upgrade.Count == 0
            ? new GatewayError(426, "This route takes a WebSocket upgrade.", GatewayError.InvalidRequest, "upgrade_required")
            : new GatewayError(501, "Realtime connections are not supported in this version.", GatewayError.InvalidRequest, "not_implemented");
    }
}
