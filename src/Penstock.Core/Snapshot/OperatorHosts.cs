using System.Text.Json;
using Penstock.Json;
using Penstock.Transport;

namespace Penstock.Snapshot;

/// <summary>
/// The rules for hosts in a config of <c>penstock.json</c>: whoever writes that file may send requests where he likes,
/// so every host that the config itself names is a trusted one.
/// </summary>
internal static class OperatorHosts
{
    public static HostRules RulesFor(JsonPart config, GatewaySettings settings) =>
        new([.. settings.TrustedHosts, .. HostsIn(config)], trustLoopback: true);

    private static IEnumerable<string> HostsIn(JsonPart part) => part.Kind switch
    {
        JsonValueKind.Object => part.Members.SelectMany(member => HostsIn(member.Value)),
        JsonValueKind.Array => part.Items.SelectMany(HostsIn),
        JsonValueKind.String when Uri.TryCreate(part.Text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" => [uri.Host],
        _ => [],
    };
}
