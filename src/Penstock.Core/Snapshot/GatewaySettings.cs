using System.Collections.Immutable;
using Penstock.Transport;

namespace Penstock.Snapshot;

/// <summary>What <c>penstock.json</c> may set, apart from providers and configs.</summary>
internal sealed record GatewaySettings
{
    /// <summary>Addresses to listen on, read at start only. Empty: the command line's, else http://localhost:8787.</summary>
    public ImmutableArray<string> Listen { get; init; } = [];

    /// <summary>Hosts that a caller may name though the rules for custom hosts would refuse them.</summary>
    public ImmutableArray<string> TrustedHosts { get; init; } = [];

    /// <summary>Origins that may call from a browser; empty: CORS is off.</summary>
    public ImmutableArray<string> CorsOrigins { get; init; } = [];

    /// <summary>Names, besides loopback ones, under which requests may use saved configs. Empty: any, but none while only loopback is open.</summary>
    public ImmutableArray<string> AllowedHosts { get; init; } = [];

    public GatewayLimits Limits { get; init; } = new();

    /// <summary>Clocks for requests whose config says nothing.</summary>
    public Clocks Clocks { get; init; } = Clocks.BuiltIn;

    /// <summary>
    /// How long a client may be silent in the middle of a body, or leave unread what was written to it, in milliseconds;
    /// 0: for ever.
    /// </summary>
    public int ClientMs { get; init; } = 30_000;

    /// <summary>How long shutdown waits for running requests, in milliseconds. Read at start only.</summary>
    public int ShutdownGraceMs { get; init; } = 30_000;
}

/// <summary>Sizes in bytes.</summary>
internal sealed record GatewayLimits
{
    /// <summary>Largest JSON body.</summary>
    public long JsonBytes { get; init; } = 32L << 20;

    /// <summary>Largest multipart body.</summary>
    public long MultipartBytes { get; init; } = 100L << 20;

    /// <summary>Largest file or raw upload.</summary>
    public long UploadBytes { get; init; } = 512L << 20;

    /// <summary>Uploads up to this size are kept, so that they can be sent again; larger ones stream and get one attempt.</summary>
    public long ReplayBytes { get; init; } = 4L << 20;
}
