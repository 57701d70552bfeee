using Penstock.Transport;

namespace Penstock.Pipeline;

/// <summary>What the caller is told when an attempt ended without an answer, or in the middle of one.</summary>
internal static class AttemptErrors
{
    public static GatewayError ShuttingDown { get; } =
        new(503, "The gateway is shutting down; send the request again.", "server_error", "shutting_down");

    public static GatewayError Of(AttemptEnd end, string provider, Clocks clocks, Exception exception) => end switch
    {
        AttemptEnd.None => GatewayError.BadGateway($"Could not get an answer from {provider}: {UpstreamFault.Describe(exception)}"),
        _ => Of(end, provider, clocks),
    };

    public static GatewayError Of(AttemptEnd end, string provider, Clocks clocks) => end switch
    {
        AttemptEnd.Connect => GatewayError.Timeout($"No connection to {provider} within {clocks.ConnectMs} ms (timeouts.connect_ms)."),
        AttemptEnd.Headers => GatewayError.Timeout($"{provider} did not answer within {clocks.HeadersMs} ms (request_timeout)."),
        AttemptEnd.FirstToken => GatewayError.Timeout($"{provider} sent no content within {clocks.FirstTokenMs} ms (timeouts.first_token_ms)."),
        AttemptEnd.Idle => GatewayError.Timeout($"{provider} sent nothing for {clocks.IdleMs} ms (timeouts.idle_ms)."),
        AttemptEnd.Total => GatewayError.Timeout($"{provider} did not finish within {clocks.TotalMs} ms (timeouts.total_ms)."),
        AttemptEnd.Cut => ShuttingDown,
        _ => GatewayError.BadGateway($"{provider} broke off its answer."),
    };
}
