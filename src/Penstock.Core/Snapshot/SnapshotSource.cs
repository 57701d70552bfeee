namespace Penstock.Snapshot;

/// <summary>Where requests take the snapshot in force.</summary>
public sealed class SnapshotSource(GatewaySnapshot first)
{
    private volatile GatewaySnapshot _current = first;

    public GatewaySnapshot Current => _current;

    internal void Replace(GatewaySnapshot next) => _current = next;
}
