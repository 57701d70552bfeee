namespace Penstock.Bench.Gateways;

/// <summary>All that can be measured, one row each.</summary>
internal static class GatewayList
{
    /// <summary>The name of the way without a gateway.</summary>
    public const string Direct = "direct";

    /// <summary>The two settings that halve the CPU time of a .NET proxy below saturation.</summary>
    public static IReadOnlyDictionary<string, string> Tuned { get; } = new Dictionary<string, string>
    {
        ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
        ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
    };

    public static IReadOnlyList<Gateway> All { get; } =
    [
        new(Direct, "no gateway: driver and simulator alone", Launch: null),
        new("forwarder", "bare Kestrel to HttpMessageInvoker, default runtime settings", site => Self("forwarder", site)) { IsYardstick = true },
        new("forwarder-tuned", "the same, no thread-pool spinning, inline socket completions", site => Self("forwarder", site) with { Environment = Tuned }) { IsYardstick = true },
        new("nginx", "nginx proxy_pass, one worker", NginxFiles.Prepare) { IsCompiled = true },
        new("reference", "the reference gateway on Node.js", Reference) { Headers = ReferenceHeaders, PassesBytes = false },
        new("penstock", "Penstock with a config", Penstock) { Headers = PenstockHeaders, OverridesModel = true },
    ];

    /// <param name="names">Separated by commas; null means all. The direct way is always among them: it says what the right answers are.</param>
    /// <param name="without">Those to leave out.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static IReadOnlyList<Gateway> Choose(string? names, string? without)
    {
        var wanted = names is null ? [.. All] : Named(names);
        var unwanted = Named(without ?? "");
        return [.. All.Where(gateway => gateway.Launch is null || (wanted.Contains(gateway) && !unwanted.Contains(gateway)))];
    }

    private static List<Gateway> Named(string names) =>
        [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => All.FirstOrDefault(gateway => gateway.Name == name)
            ?? throw new ArgumentException($"Unknown gateway '{name}'. There are: {string.Join(", ", All.Select(gateway => gateway.Name))}."))];

    /// <summary>This program again, with another verb.</summary>
    private static LaunchCommand Self(string verb, LaunchSite site) =>
        new(Environment.ProcessPath!, verb, "--port", $"{site.Port}", "--upstream", site.Upstream.ToString());

    private static LaunchCommand Reference(LaunchSite site) => new(
        "node",
        Path.Combine(site.Repository, "bench/reference/node_modules/@portkey-ai/gateway/build/start-server.js"),
        $"--port={site.Port}",
        "--headless");

    private static IEnumerable<(string Name, string Value)> ReferenceHeaders(Uri upstream, string model) =>
    [
        ("x-portkey-provider", "openai"),
        ("x-portkey-custom-host", new Uri(upstream, "v1").ToString()),
    ];

    private static LaunchCommand Penstock(LaunchSite site) =>
        new(Path.Combine(site.Repository, "artifacts/bin/Penstock/release/penstock"), "--port", $"{site.Port}");

    /// <summary>A config as people write them: a provider, its key, retries, and a model of the operator's choice.</summary>
    private static IEnumerable<(string Name, string Value)> PenstockHeaders(Uri upstream, string model) =>
    [
        ("x-portkey-config", $$$"""{"provider":"openai","api_key":"sk-bench-0123456789","custom_host":"{{{new Uri(upstream, "v1")}}}","retry":{"attempts":3},"override_params":{"model":"{{{model}}}"}}"""),
    ];
}
