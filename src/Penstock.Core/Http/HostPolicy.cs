using Penstock.Hosting;
using Penstock.Snapshot;
using Penstock.Transport;

namespace Penstock.Http;

/// <summary>
/// The rules for hosts that callers name, for the snapshot in force: what the operator trusts, and loopback only while
/// Penstock itself can be reached from this machine alone.
/// </summary>
internal sealed class HostPolicy(SnapshotSource snapshots, ListenerFacts listeners)
{
    private volatile Entry? _entry;

    public HostRules Current => For(snapshots.Current);

    public HostRules For(GatewaySnapshot snapshot)
    {
        var entry = _entry;
        if (entry is not null && entry.Snapshot == snapshot && entry.IsLocal == listeners.AllLoopback) return entry.Rules;
        var isLocal = listeners.AllLoopback;
        entry = new Entry(snapshot, isLocal, new HostRules(snapshot.Settings.TrustedHosts, isLocal));
        _entry = entry;
        return entry.Rules;
    }

    private sealed record Entry(GatewaySnapshot Snapshot, bool IsLocal, HostRules Rules);
}
