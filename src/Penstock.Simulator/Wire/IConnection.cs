namespace Penstock.Simulator.Wire;

/// <summary>One client connection, of the strict or of the canned kind.</summary>
internal interface IConnection
{
    Task RunAsync(CancellationToken stopping);

    /// <summary>Ends at once what the connection is doing.</summary>
    void Abort();
}
