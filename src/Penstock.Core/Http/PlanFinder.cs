using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Penstock.Config;
using Penstock.Json;
using Penstock.Pipeline;
using Penstock.Providers;
using Penstock.Snapshot;
using Penstock.Transport;

namespace Penstock.Http;

/// <summary>Turns the routing headers of a request into a plan and what goes beside it.</summary>
internal sealed class PlanFinder(HostPolicy hosts, EnvironmentKeyRule environmentKeys, SavedConfigRule savedConfigs)
{
    /// <summary>A config of many small mistakes must not become a large answer.</summary>
    private const int MaxDetails = 100;

    /// <summary>The plan of a request without a config: one leaf that the headers, or the model's name, describe.</summary>
    private static readonly Plan HeaderPlan = new(new LeafTarget { Path = "config", Settings = LeafSettings.Default, TakesHeaders = true });

    /// <returns>Null, or what is wrong with the headers.</returns>
    public GatewayError? Find(HttpRequest request, GatewaySnapshot snapshot, out Routed routed)
    {
        var headers = request.Headers;
        routed = default;
        if (HopCount.Check(headers) is { } loop) return loop;
        ProviderRow? provider = null;
        var providerName = headers["x-portkey-provider"].ToString();
        var config = headers["x-portkey-config"].ToString();
        if (providerName.Length > 0)
        {
            if (FindProvider(providerName, snapshot, out provider) is { } unknown) return unknown;
        }

        var isLocal = environmentKeys.Allows(request);
        if (CheckCustomHost(headers, hosts.For(snapshot, isLocal)) is { } noHost) return noHost;
        Plan? plan;
        bool isOperators;
        if (config.Length > 0)
        {
            if (FindPlan(config, snapshot, isLocal, out plan, out isOperators) is { } fault) return fault;
        }
        else
        {
            isOperators = provider is null && snapshot.DefaultPlan is not null;
            plan = isOperators ? snapshot.DefaultPlan : HeaderPlan;
        }

        if (isOperators && savedConfigs.Refusal(request, snapshot.Settings) is { } closed) return closed;
        if (ReadOverrides(headers, out var overrides) is { } noOverride) return noOverride;
        if (FindUnsupported(headers, mayNameKey: provider is null && (config.Length == 0 || plan!.Root is LeafTarget { Provider: null })) is { } unsupported) return unsupported;
        routed = new Routed(plan!, provider, overrides, isOperators, isLocal);
        return null;
    }

    /// <summary>What is not there is refused rather than left out in silence.</summary>
    /// <param name="mayNameKey">Whether the request would need a stored key to find its provider.</param>
    private static GatewayError? FindUnsupported(IHeaderDictionary headers, bool mayNameKey)
    {
        if (mayNameKey && headers["x-portkey-virtual-key"].ToString().Length > 0) return NoStoredKeys("x-portkey-virtual-key");
        foreach (var name in (ReadOnlySpan<string>)["x-portkey-default-input-guardrails", "x-portkey-default-output-guardrails"])
        {
            if (headers.TryGetValue(name, out var asked) && asked.ToString().AsSpan().Trim() is not ("" or "[]"))
            {
                return GatewayError.BadRequest($"Guardrails are not supported in this version, and a request that asks for them is refused rather than run without them. Leave '{name}' out.", name);
            }
        }

        return null;
    }

    private static GatewayError? FindProvider(string name, GatewaySnapshot snapshot, out ProviderRow? provider)
    {
        provider = null;
        if (name.StartsWith('@')) return NoStoredKeys("x-portkey-provider");
        provider = snapshot.Catalogue.Find(name);
        return provider is null ? GatewayError.BadRequest(snapshot.Catalogue.Unknown(name), "x-portkey-provider", "unknown_provider") : null;
    }

    private GatewayError? FindPlan(string config, GatewaySnapshot snapshot, bool isLocal, out Plan? plan, out bool isOperators)
    {
        isOperators = false;
        var known = isLocal ? snapshot.LocalPlans : snapshot.Plans;
        if (known.TryGet(config, out plan!)) return null;
        if (snapshot.SavedPlans.TryGetValue(config, out plan))
        {
            isOperators = true;
            return null;
        }

        JsonText text;
        try
        {
            text = JsonText.Parse(config);
        }
        catch (JsonTextException e)
        {
            return GatewayError.BadRequest(
                config.AsSpan().TrimStart().StartsWith("{")
                    ? $"The header 'x-portkey-config' is not valid JSON (line {e.Line}, column {e.Column}): {e.Message}"
                    : $"There is no saved config '{ShortText.Of(config)}'. Save it under 'configs' in penstock.json, or send the config itself as JSON.",
                "x-portkey-config",
                "invalid_config");
        }

        var faults = new JsonFaults();
        plan = ConfigCompiler.Compile(text.Root, new ConfigScope(snapshot.Catalogue, hosts.For(snapshot, isLocal)), faults);
        if (plan is null) return Faulty(faults);
        known.Add(config, plan);
        return null;
    }

    private static GatewayError Faulty(JsonFaults faults)
    {
        var details = faults.All.Take(MaxDetails).Select(fault => $"path: {fault.Path}, message: {fault.Message}");
        if (faults.All.Count > MaxDetails) details = details.Append($"{faults.All.Count - MaxDetails} more faults are not listed.");
        var first = faults.All[0];
        var where = first.Path.Length == 0 ? "" : $" at '{first.Path}'";
        return new GatewayError(400, $"The config in 'x-portkey-config' is not valid{where}: {first.Message}", GatewayError.InvalidRequest, "invalid_config", "x-portkey-config")
        {
            Details = [.. details],
        };
    }

    private static GatewayError? CheckCustomHost(IHeaderDictionary headers, HostRules rules) =>
        CustomHostOf(headers) is { Length: > 0 } host && rules.Check(host) is { } fault
            ? GatewayError.BadRequest($"The custom host {fault}", "x-portkey-custom-host", "invalid_custom_host")
            : null;

    private static string CustomHostOf(IHeaderDictionary headers) => headers["x-portkey-custom-host"].ToString().Trim();

    private static GatewayError? ReadOverrides(IHeaderDictionary headers, out RequestOverrides overrides)
    {
        overrides = RequestOverrides.None;
        var customHost = CustomHostOf(headers);
        var forward = headers["x-portkey-forward-headers"].ToString();
        var timeout = headers["x-portkey-request-timeout"].ToString();
        if (customHost.Length == 0 && forward.Length == 0 && timeout.Length == 0) return null;

        ImmutableArray<string>? names = null;
        if (forward.Length > 0)
        {
            names = [.. forward.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
            if (names.Value.Contains("x-portkey-forward-headers", StringComparer.OrdinalIgnoreCase))
            {
                return GatewayError.BadRequest("'x-portkey-forward-headers' cannot forward itself. Take it out of the list.", "x-portkey-forward-headers");
            }
        }

        int? headersMs = double.TryParse(timeout, NumberStyles.Float, CultureInfo.InvariantCulture, out var ms) && ms is >= 1 and <= int.MaxValue ? (int)ms : null;
        overrides = new RequestOverrides(customHost.Length > 0 ? customHost : null, names, headersMs);
        return null;
    }

    private static GatewayError NoStoredKeys(string header) => GatewayError.BadRequest(
        $"'{header}' names a stored key, and this version stores none: send 'x-portkey-provider' and 'Authorization', or an 'api_key' in the config.",
        header,
        "stored_keys_unavailable");
}

/// <param name="Plan">The tree to walk.</param>
/// <param name="Provider">What <c>x-portkey-provider</c> names, or null.</param>
/// <param name="Overrides">What headers say about every target.</param>
/// <param name="IsOperators">Whether the plan comes from <c>penstock.json</c>.</param>
/// <param name="IsLocal">Whether the request surely comes from this machine.</param>
internal readonly record struct Routed(Plan Plan, ProviderRow? Provider, RequestOverrides Overrides, bool IsOperators, bool IsLocal);
