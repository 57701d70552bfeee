namespace Penstock.Simulator.Wire;

/// <summary>What arrived is not HTTP/1.1 as RFC 9112 wants it. Answered with the status, then the connection ends.</summary>
internal sealed class WireException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
