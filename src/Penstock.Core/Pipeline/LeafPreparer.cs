using Penstock.Auth;
using Penstock.Config;
using Penstock.Providers;
using Penstock.Snapshot;
using Penstock.Transport;

namespace Penstock.Pipeline;

/// <summary>Resolves a leaf against an exchange: provider, options, key, address, headers and body.</summary>
/// <param name="hosts">The rules for hosts that a request names, and whether it surely comes from this machine.</param>
internal sealed class LeafPreparer(EnvironmentKeys environment, ProviderChoice choice, Func<GatewaySnapshot, bool, HostRules> hosts)
{
    private static readonly GatewayError KeyWouldLeave = GatewayError.BadRequest(
        "'x-portkey-custom-host' cannot be combined with a saved config that holds its own key or options: they would go to that host.",
        "x-portkey-custom-host",
        "custom_host_not_allowed");

    private readonly AddressCache _addresses = new();

    /// <returns>The call, or why it cannot be made.</returns>
    public (PreparedCall? Call, Outcome? Refusal) Prepare(Exchange exchange, LeafTarget leaf)
    {
        if (exchange.BodyFault is { } unread && leaf.Settings.ChangesBody) return (null, Outcome.Refused(leaf, leaf.Provider, unread));
        var isFromHeaders = leaf.TakesHeaders || leaf.Provider is null;
        var body = new ShapedBody(exchange);
        body.Apply(leaf.Settings);
        var model = body.Model;

        var row = leaf.Provider ?? exchange.HeaderProvider;
        if (row is null)
        {
            if (!choice.TryChoose(exchange, model, out row, out var bareModel, out var problem)) return (null, Outcome.Refused(leaf, null, problem!));
            body.SetModel(bareModel);
        }

        // In the operator's config a caller adds nothing: an account of his own choosing would get the operator's key.
        var readsHeaders = isFromHeaders || (leaf.FillsFromHeaders && !exchange.PlanIsOperators);
        var options = TargetOptions.Resolve(row!, leaf, readsHeaders ? exchange.Headers : null, headersFirst: isFromHeaders);
        row = row!.For(options);
        if (exchange.Overrides.CustomHost is not null && HasOperatorsKey(exchange, leaf)) return Refuse(KeyWouldLeave);
        var customHost = exchange.Overrides.CustomHost ?? leaf.Settings.CustomHost;
        var isCallers = customHost is not null && (exchange.Overrides.CustomHost is not null || !exchange.PlanIsOperators);
        foreach (var option in row.UrlOptions)
        {
            if (!options.TryGetValue(option, out var url)) continue;
            var isOperators = exchange.PlanIsOperators && (!isFromHeaders || (leaf.Options.TryGetValue(option, out var own) && own == url));
            isCallers |= !isOperators;
            if (!isOperators && hosts(exchange.Snapshot, exchange.MayUseEnvironmentKeys).Check(url) is { } fault)
            {
                return Refuse(GatewayError.BadRequest($"The option '{option}' {fault}", option));
            }
        }

        if (isCallers && row.HasOwnText(exchange.Operation)) return Refuse(TextWouldLeave(row));
        var isOnThisMachine = customHost is null && row.Addresses.IsOnThisMachine && (isFromHeaders || !exchange.PlanIsOperators);
        if (isOnThisMachine && hosts(exchange.Snapshot, exchange.MayUseEnvironmentKeys).Check(row.BaseUrl!.Text) is { } tooClose)
        {
            return Refuse(GatewayError.BadRequest($"The provider '{row.Id}' is a server on the gateway's own machine, and this request may come from another: {tooClose}", null, "local_provider"));
        }

        body.Apply(row.QuirksOf(exchange.Operation), options);
        if (!row.Addresses[exchange.Operation].IsOffered) return Refuse(GatewayError.Unsupported(row.Id, exchange.Operation));
        if (!UpstreamAddress.TryBuild(row, exchange.Operation, exchange.RawTarget, options, body.Model, customHost, out var address, out var addressFault))
        {
            return Refuse(GatewayError.BadRequest(addressFault));
        }

        var headers = new List<KeyValuePair<string, string>>(8);
        var key = KeyFor(exchange, leaf, row, isFromHeaders, isCallers);
        if (UpstreamHeaders.Build(headers, exchange, leaf, row, options, key, customHost is not null, ref address) is { } error) return Refuse(error);

        return (new PreparedCall
        {
            Exchange = exchange,
            Leaf = leaf,
            Provider = row,
            Address = _addresses.Get(address, isReusable: exchange.Scan is not null && !address.Contains('?', StringComparison.Ordinal)),
            CallerNamedHost = isCallers || isOnThisMachine,
            Clocks = ClocksFor(exchange, leaf),
            Headers = headers,
            ContentType = exchange.ContentType,
            Choices = body.Choices,
            Streams = body.Streams,
            Segments = body.Build(),
        }, null);

        (PreparedCall?, Outcome?) Refuse(GatewayError error) => (null, Outcome.Refused(leaf, row, error));
    }

    /// <summary>
    /// A target's own key first, then the one that the caller brought, then the environment's; the last never goes to a
    /// host that a caller named.
    /// </summary>
    private ProviderKey KeyFor(Exchange exchange, LeafTarget leaf, ProviderRow row, bool isFromHeaders, bool isCallersHost)
    {
        if (isFromHeaders && !exchange.Caller.IsNone) return new ProviderKey(exchange.Caller.Key, exchange.Caller.Authorization);
        if (!leaf.ApiKey.IsEmpty && !(isFromHeaders && exchange.PlanIsOperators)) return new ProviderKey(leaf.ApiKey, default);
        if (!exchange.Caller.IsNone) return new ProviderKey(exchange.Caller.Key, exchange.Caller.Authorization);
        return exchange.MayUseEnvironmentKeys && !isCallersHost ? new ProviderKey(environment.For(row.EnvironmentKeys), default) : default;
    }

    /// <summary>What the operator wrote down is not the caller's to send anywhere else; many an option is a key.</summary>
    private static bool HasOperatorsKey(Exchange exchange, LeafTarget leaf) => exchange.PlanIsOperators && (!leaf.ApiKey.IsEmpty || leaf.Options.Count > 0);

    private static GatewayError TextWouldLeave(ProviderRow row) => GatewayError.BadRequest(
        $"The provider '{row.Id}' sends headers, parameters or paths of its own, which may be secret, so no request can send it to another host: name a provider of the catalogue together with the custom host.",
        null,
        "custom_host_not_allowed");

    private static Clocks ClocksFor(Exchange exchange, LeafTarget leaf)
    {
        var clocks = leaf.Settings.Clocks.Over(exchange.Snapshot.Settings.Clocks).Over(Clocks.BuiltIn);
        return exchange.Overrides.HeadersMs is { } headersMs ? clocks with { HeadersMs = headersMs } : clocks;
    }
}
