namespace Penstock.Simulator;

/// <summary>The request is one that the real provider refuses.</summary>
internal sealed class RefusedException(int status, string message, string? param = null, string? code = null, string type = "invalid_request_error")
    : Exception(message)
{
    public int Status { get; } = status;

    public string Type { get; } = type;

    public string? Param { get; } = param;

    public string? Code { get; } = code;
}
