using Penstock.Config;
using Penstock.Providers;

namespace Penstock.Pipeline;

/// <summary>What a target gave: a provider's reply that is still to be passed on, or an error of our own.</summary>
internal sealed class Outcome : IDisposable
{
    private Outcome(LeafTarget? leaf, ProviderRow? provider, UpstreamReply? reply, GatewayError? error)
    {
        Leaf = leaf;
        Provider = provider;
        Reply = reply;
        Error = error;
    }

    /// <summary>The leaf that answered; null when the request failed before one was reached.</summary>
    public LeafTarget? Leaf { get; }

    public ProviderRow? Provider { get; }

    public UpstreamReply? Reply { get; }

    public GatewayError? Error { get; }

    /// <summary>True when the failure is the network's, not a status: always worth a repeat.</summary>
    public bool IsNetworkFailure { get; init; }

    /// <summary>True when no repeat can change it: the request itself or the target's settings are at fault.</summary>
    public bool IsOurs { get; init; }

    public int Status => Reply?.Status ?? Error!.Status;

    public bool IsSuccess => Status is >= 200 and <= 299;

    /// <summary>0: the first call. n: the n-th repeat. -1: all repeats were used up.</summary>
    public int RetryCount { get; set; }

    /// <summary>Whether repeats or other targets were on offer, so that the client need not repeat.</summary>
    public bool WasRouted { get; set; }

    public static Outcome Of(LeafTarget leaf, ProviderRow provider, UpstreamReply reply) => new(leaf, provider, reply, null);

    /// <summary>The provider failed.</summary>
    public static Outcome Failed(LeafTarget leaf, ProviderRow provider, GatewayError error, bool isNetworkFailure) =>
        new(leaf, provider, null, error) { IsNetworkFailure = isNetworkFailure };

    /// <summary>The call could not even be made.</summary>
    public static Outcome Refused(LeafTarget? leaf, ProviderRow? provider, GatewayError error) => new(leaf, provider, null, error) { IsOurs = true };

    public void Dispose() => Reply?.Dispose();
}
