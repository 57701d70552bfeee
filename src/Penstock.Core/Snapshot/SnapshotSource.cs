namespace Penstock.Snapshot;

/// <summary>Where requests take the snapshot in force.</summary>
internal sealed class SnapshotSource(GatewaySnapshot first)
{
    private volatile GatewaySnapshot _current = first;

    public GatewaySnapshot Current => _current;

    public void Replace(GatewaySnapshot next) => _current = next;
}
