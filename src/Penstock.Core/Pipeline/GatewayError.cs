using Penstock.Providers;

namespace Penstock.Pipeline;

/// <summary>An answer of Penstock's own: the request was wrong, or no provider answered.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Message">States the fact and the fix. Never holds a secret.</param>
/// <param name="Type">The <c>type</c> that SDKs read.</param>
/// <param name="Code">The <c>code</c> that SDKs read, or null.</param>
/// <param name="Param">The member or header at fault, or null.</param>
/// <param name="Details">Every fault of a config, one a line.</param>
internal sealed record GatewayError(
    int Status,
    string Message,
    string Type,
    string? Code = null,
    string? Param = null,
    IReadOnlyList<string>? Details = null)
{
    public const string InvalidRequest = "invalid_request_error";

    /// <summary>A ready body in the provider's words, when the error came inside a stream that otherwise looked well.</summary>
    public byte[]? ProviderBody { get; init; }

    /// <summary>The provider has no such operation; another target may, whatever statuses a fallback lists.</summary>
    public bool IsUnsupported { get; init; }

    public static GatewayError BadRequest(string message, string? param = null, string? code = null) =>
        new(400, message, InvalidRequest, code, param);

    public static GatewayError Unsupported(string provider, Operation operation) =>
        BadRequest($"The provider '{provider}' does not offer {OperationFacts.Of(operation).Words}. Name one that does: docs/providers.md lists them.", code: "unsupported_operation") with { IsUnsupported = true };

    /// <summary>No answer, or one that is none.</summary>
    public static GatewayError BadGateway(string message) => new(502, message, "upstream_error", "upstream_unavailable");

    public static GatewayError TooLarge(long limit) =>
        new(413, $"The request body is larger than {Size(limit)}, this gateway's limit for its kind ('limits' in its penstock.json).", InvalidRequest, "body_too_large");

    /// <summary>The client stopped in the middle of its body.</summary>
    public static GatewayError Stalled(int limitMs) =>
        Timeout($"The request body stopped before its end: nothing came for {limitMs} ms (timeouts.client_ms).");

    public static GatewayError Timeout(string message) => new(408, message, "timeout_error");

    private static string Size(long bytes) => bytes % (1 << 20) == 0 ? $"{bytes >> 20} MB" : $"{bytes} bytes";
}
