using Penstock.Hosting;
using Penstock.Snapshot;
using Penstock.Transport;

namespace Penstock.Http;

/// <summary>
/// The rules for hosts that callers name, for the snapshot in force: what the operator trusts, and loopback only while
/// Penstock itself can be reached from this machine alone.
/// </summary>
/// <param name="alsoTrusted">Further hosts, separated by commas: the variable <c>TRUSTED_CUSTOM_HOSTS</c>.</param>
internal sealed class HostPolicy(SnapshotSource snapshots, ListenerFacts listeners, string? alsoTrusted)
{
    private readonly string[] _alsoTrusted = alsoTrusted?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
    private volatile Entry? _entry;

    public HostRules Current => For(snapshots.Current);

    public HostRules For(GatewaySnapshot snapshot)
    {
        var entry = _entry;
        var isLocal = listeners.AllLoopback;
        if (entry is not null && entry.Snapshot == snapshot && entry.IsLocal == isLocal) return entry.Rules;
        entry = new Entry(snapshot, isLocal, new HostRules([.. snapshot.Settings.TrustedHosts, .. _alsoTrusted], isLocal));
        _entry = entry;
        return entry.Rules;
    }

    private sealed record Entry(GatewaySnapshot Snapshot, bool IsLocal, HostRules Rules);
}
