using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Auth;
using Penstock.Config;
using Penstock.Json;
using Penstock.Providers;
using Penstock.Snapshot;
using Penstock.Transport;

namespace Penstock.Pipeline;

/// <summary>One client request and all that happens to it.</summary>
internal sealed class Exchange : IRoutingFacts, IDisposable
{
    /// <summary>As deep as the scan lets bodies be: the framework's own limit is lower.</summary>
    private static readonly JsonDocumentOptions ParamsOptions = new() { MaxDepth = BodyScan.MaxDepth };

    /// <summary>Some hundred microseconds of reading.</summary>
    private const int MaxQuickBytes = 128 << 10;

    private JsonDocument? _params;
    private JsonDocument? _metadata;
    private bool _metadataWasRead;

    public required GatewaySnapshot Snapshot { get; init; }

    public required Operation Operation { get; init; }

    public required HttpMethod Method { get; init; }

    /// <summary>Path and query as the client sent them, nothing decoded or collapsed.</summary>
    public required string RawTarget { get; init; }

    public required string PathName { get; init; }

    public required IHeaderDictionary Headers { get; init; }

    public required string TraceId { get; init; }

    public required CallerCredential Caller { get; init; }

    /// <summary>
    /// Whether the request surely comes from this machine: then keys of the environment may serve it, and it may name
    /// loopback hosts.
    /// </summary>
    public required bool MayUseEnvironmentKeys { get; init; }

    public required CancellationToken ClientGone { get; init; }

    /// <summary>Fires when Penstock shuts down and the grace period is over.</summary>
    public required CancellationToken Cut { get; init; }

    /// <summary>What headers say about the whole tree.</summary>
    public RequestOverrides Overrides { get; init; } = RequestOverrides.None;

    /// <summary>The provider named by <c>x-portkey-provider</c>, or null.</summary>
    public ProviderRow? HeaderProvider { get; init; }

    /// <summary>True when the plan comes from <c>penstock.json</c>: its hosts are the operator's, not the caller's.</summary>
    public bool PlanIsOperators { get; init; }

    /// <summary>A body that is held, so that it can be sent again.</summary>
    public BodyLease? Body { get; set; }

    /// <summary>The members of a held JSON body; null when it is not a JSON object.</summary>
    public BodyScan? Scan { get; set; }

    /// <summary>Why a body that calls itself JSON has no scan, where it may pass nevertheless.</summary>
    public GatewayError? BodyFault { get; set; }

    /// <summary>A body that passes as it arrives.</summary>
    public StreamedBody? Upload { get; set; }

    public string? ContentType { get; set; }

    /// <summary>Whether the body can be sent again.</summary>
    public bool CanRepeat => Upload is not { IsTaken: true };

    public WorkBudget Budget => field ??= new WorkBudget();

    /// <summary>Whether looking into the body takes long enough to keep other sockets waiting.</summary>
    public bool IsLarge => Body is { Length: > MaxQuickBytes };

    public JsonElement Params
    {
        get
        {
            if (_params is null && Scan is not null) _params = JsonDocument.Parse(Scan.Body, ParamsOptions);
            return _params?.RootElement ?? default;
        }
    }

    public JsonElement Metadata
    {
        get
        {
            if (!_metadataWasRead)
            {
                _metadataWasRead = true;
                _metadata = ParseMetadata(Headers["x-portkey-metadata"].ToString());
            }

            return _metadata?.RootElement ?? default;
        }
    }

    public string? Header(string name) => Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>No other attempt follows: a long stream need not hold its prompt.</summary>
    public void ReleaseBody()
    {
        _params?.Dispose();
        _params = null;
        if (Scan is { } scan) BodyScanPool.Return(scan);
        Scan = null;
        Body?.Release();
        Body = null;
    }

    public void Dispose()
    {
        ReleaseBody();
        _metadata?.Dispose();
    }

    private static JsonDocument? ParseMetadata(string text)
    {
        if (text.Length == 0) return null;
        try
        {
            var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            // Clients in the field send broken metadata; it counts as none.
        }

        return null;
    }
}
