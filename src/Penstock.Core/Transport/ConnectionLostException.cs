namespace Penstock.Transport;

/// <summary>A connection ended under a request before any byte of its answer came.</summary>
/// <param name="wasReused">
/// Whether it had carried another request before: then the provider may just have closed it as idle, having never seen
/// this request.
/// </param>
internal sealed class ConnectionLostException(bool wasReused, Exception? inner = null)
    : IOException("The connection was closed before the answer began.", inner)
{
    public bool WasReused { get; } = wasReused;
}
