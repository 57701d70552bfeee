using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Penstock.Json;
using Penstock.Transport;

namespace Penstock.Snapshot;

/// <summary>Reads what <c>penstock.json</c> says apart from providers and configs.</summary>
internal sealed class SettingsReader(JsonFaults faults)
{
    /// <summary>Bodies that are held stand in one block of memory.</summary>
    private const long MaxHeldBytes = 1L << 30;

    private const long MaxStreamedBytes = 1L << 50;

    private const int MaxShutdownGraceMs = 3_600_000;

    public GatewaySettings Read(StrictObject root)
    {
        var standard = new GatewaySettings();
        var (clocks, clientMs) = root["timeouts"] is { } timeouts ? ReadTimeouts(timeouts, standard.ClientMs) : (standard.Clocks, standard.ClientMs);
        return new GatewaySettings
        {
            Listen = root["listen"] is { } listen ? ReadListen(listen) : standard.Listen,
            TrustedHosts = root["trusted_hosts"] is { } hosts ? ReadStrings(hosts, "trusted_hosts", CheckHost) : standard.TrustedHosts,
            CorsOrigins = root["cors_origins"] is { } origins ? ReadStrings(origins, "cors_origins", CheckOrigin) : standard.CorsOrigins,
            AllowedHosts = root["allowed_hosts"] is { } names ? ReadStrings(names, "allowed_hosts", CheckName) : standard.AllowedHosts,
            Limits = root["limits"] is { } limits ? ReadLimits(limits) : standard.Limits,
            Clocks = clocks,
            ClientMs = clientMs,
            ShutdownGraceMs = (int?)ReadNumber(root, "shutdown_grace_ms", 0, MaxShutdownGraceMs) ?? standard.ShutdownGraceMs,
        };
    }

    private ImmutableArray<string> ReadListen(JsonPart part)
    {
        if (part.Kind == JsonValueKind.String) return ReadAddress(part, "listen") is { } address ? [address] : [];
        if (part.Kind == JsonValueKind.Array)
        {
            return [.. part.Items.Select((item, i) => ReadAddress(item, JsonFaults.Join("listen", i))).OfType<string>()];
        }

        faults.Add("listen", "An address such as \"http://localhost:8787\", or an array of them, was expected here.", part);
        return [];
    }

    private string? ReadAddress(JsonPart part, string path)
    {
        if (part.Kind != JsonValueKind.String)
        {
            faults.Add(path, "An address such as \"http://localhost:8787\" was expected here.", part);
            return null;
        }

        var address = ListenAddresses.Read(part.Text!, out var fault);
        if (address is null) faults.Add(path, fault, part);
        return address;
    }

    private ImmutableArray<string> ReadStrings(JsonPart part, string path, Func<string, string?> check)
    {
        if (part.Kind != JsonValueKind.Array)
        {
            faults.Add(path, "An array of strings was expected here.", part);
            return [];
        }

        var all = ImmutableArray.CreateBuilder<string>(part.Items.Count);
        for (var i = 0; i < part.Items.Count; i++)
        {
            var item = part.Items[i];
            if (item.Kind != JsonValueKind.String) faults.Add(JsonFaults.Join(path, i), "A string was expected here.", item);
            else if (check(item.Text!) is { } fault) faults.Add(JsonFaults.Join(path, i), fault, item);
            else all.Add(item.Text!.ToLowerInvariant());
        }

        return all.ToImmutable();
    }

    private static string? CheckHost(string host) => TrustedHost.TryParse(host, out _)
        ? null
        : $"'{UrlText.WithoutSecrets(host)}' is no host: write a name, an address or '*.example.org', each with or without ':port', or a URL.";

    /// <summary>An origin as browsers send it: no path, and no port where it is the scheme's own.</summary>
    private static string? CheckOrigin(string origin) =>
        origin == "*" || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase))
            ? null
            : $"'{UrlText.WithoutSecrets(origin)}' is no origin: write scheme, host and port as the browser sends them, as in 'https://app.example.org', or '*' for every origin.";

    private static string? CheckName(string name) => Uri.CheckHostName(name) != UriHostNameType.Unknown
        ? null
        : $"'{name}' is no host name: write it without scheme, port and path, as in 'gateway.example.org'.";

    private GatewayLimits ReadLimits(JsonPart part)
    {
        var limits = new StrictObject(part, "limits", faults, FileMembers.Limits);
        var standard = new GatewayLimits();
        return new GatewayLimits
        {
            JsonBytes = ReadNumber(limits, "json_bytes", 1, MaxHeldBytes) ?? standard.JsonBytes,
            MultipartBytes = ReadNumber(limits, "multipart_bytes", 1, MaxStreamedBytes) ?? standard.MultipartBytes,
            UploadBytes = ReadNumber(limits, "upload_bytes", 1, MaxStreamedBytes) ?? standard.UploadBytes,
            ReplayBytes = ReadNumber(limits, "replay_bytes", 0, MaxHeldBytes) ?? standard.ReplayBytes,
        };
    }

    private (Clocks Clocks, int ClientMs) ReadTimeouts(JsonPart part, int standardClientMs)
    {
        var timeouts = new StrictObject(part, "timeouts", faults, FileMembers.Timeouts);
        var clocks = new Clocks(Clock("connect_ms"), Clock("headers_ms"), Clock("first_token_ms"), Clock("idle_ms"), Clock("total_ms")).Over(Clocks.BuiltIn);
        return (clocks, Clock("client_ms") ?? standardClientMs);

        int? Clock(string name) => (int?)ReadNumber(timeouts, name, 0, int.MaxValue);
    }

    /// <returns>Null when the member is not there, or wrong.</returns>
    private static long? ReadNumber(StrictObject parent, string name, long min, long max)
    {
        if (parent[name] is not { } part) return null;
        if (part.TryGetNumber(out var number) && double.IsInteger(number) && number >= min && number <= max) return (long)number;
        parent.Fault(name, string.Create(CultureInfo.InvariantCulture, $"A whole number from {min} to {max} was expected here."));
        return null;
    }
}
