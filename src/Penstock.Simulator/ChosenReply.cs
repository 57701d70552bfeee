namespace Penstock.Simulator;

/// <summary>A reply that is chosen when the request is there; null leaves the choice to the simulator.</summary>
internal sealed record ChosenReply(Func<ReceivedRequest, Reply>? Choose) : Reply
{
    /// <summary>The options asked for meanwhile, in order.</summary>
    private Func<HttpReply, HttpReply> Change { get; init; } = static reply => reply;

    internal override HttpReply Resolve(ReceivedRequest request, Func<ReceivedRequest, HttpReply> byDefault) =>
        Change(Choose is null ? byDefault(request) : Choose(request).Resolve(request, byDefault));

    internal override Reply Changed(Func<HttpReply, HttpReply> change)
    {
        var before = Change;
        return this with { Change = reply => change(before(reply)) };
    }
}
