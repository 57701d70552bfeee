using Penstock.Hosting;
using Penstock.Snapshot;
using Penstock.Transport;

namespace Penstock.Http;

/// <summary>
/// The rules for hosts that callers name, for the snapshot in force: what the operator trusts, and loopback only for
/// requests that surely come from this machine. A proxy on this machine forwards those of others, too.
/// </summary>
/// <param name="alsoTrusted">Further hosts, separated by commas: the variable <c>TRUSTED_CUSTOM_HOSTS</c>.</param>
internal sealed class HostPolicy(SnapshotSource snapshots, ListenerFacts listeners, string? alsoTrusted)
{
    private readonly string[] _alsoTrusted = alsoTrusted?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
    private volatile Entry? _entry;

    /// <summary>What a connection may lead to. It serves many requests, and each was held against its own rules before.</summary>
    public HostRules ForConnections => For(snapshots.Current, listeners.AllLoopback);

    /// <param name="isLocal">Whether the request surely comes from this machine, see <see cref="EnvironmentKeyRule"/>.</param>
    public HostRules For(GatewaySnapshot snapshot, bool isLocal)
    {
        var entry = _entry;
        if (entry is null || entry.Snapshot != snapshot) _entry = entry = new Entry(snapshot, Create(snapshot, true), Create(snapshot, false));
        return isLocal ? entry.Local : entry.Remote;
    }

    private HostRules Create(GatewaySnapshot snapshot, bool trustLoopback) => new([.. snapshot.Settings.TrustedHosts, .. _alsoTrusted], trustLoopback);

    private sealed record Entry(GatewaySnapshot Snapshot, HostRules Local, HostRules Remote);
}
