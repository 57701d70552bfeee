using System.Runtime.CompilerServices;
using Penstock.Config;
using Penstock.Pipeline;
using Penstock.Transport;

namespace Penstock.Routing;

/// <summary>Calls one leaf, and again while its policy allows.</summary>
internal sealed class RetryLoop(LeafPreparer preparer, AttemptRunner attempts, TimeProvider time, Chance chance)
{
    /// <param name="mayRepeat">Whether another target would still be tried after this leaf failed.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome> RunAsync(LeafTarget leaf, Exchange exchange, bool mayRepeat)
    {
        var (call, refusal) = preparer.Prepare(exchange, leaf);
        if (call is null) return refusal!;

        var retry = leaf.Settings.Retry;
        var mayWait = RetryAfter.Budget;
        for (var repeat = 0; ; repeat++)
        {
            var outcome = await attempts.RunAsync(call, exchange.Upload is null && (mayRepeat || repeat < retry.Attempts));
            outcome.WasRouted = retry.Attempts > 0;
            outcome.RetryCount = repeat;
            if (retry.Attempts == 0 || !IsWorthRepeating(retry, outcome)) return outcome;
            outcome.RetryCount = -1;
            if (repeat == retry.Attempts || !exchange.CanRepeat || exchange.Cut.IsCancellationRequested) return outcome;

            // Waiting longer than that helps nobody: the next target, or the caller, decides.
            var delay = Wish(retry, outcome) ?? Backoff.Delay(repeat, chance);
            if (delay > mayWait) return outcome;
            mayWait -= delay;
            outcome.Dispose();
            if (!await WaitAsync(delay, exchange)) return Outcome.Refused(leaf, call.Provider, AttemptErrors.Of(AttemptEnd.Cut, call.Provider.Id, call.Clocks));
        }
    }

    /// <returns>False when Penstock shuts down and will not wait.</returns>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    private async Task<bool> WaitAsync(TimeSpan delay, Exchange exchange)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(exchange.ClientGone, exchange.Cut);
        try
        {
            await Task.Delay(delay, time, stop.Token);
            return true;
        }
        catch (OperationCanceledException) when (!exchange.ClientGone.IsCancellationRequested)
        {
            return false;
        }
    }

    private TimeSpan? Wish(RetryPolicy retry, Outcome outcome) =>
        retry.UseRetryAfter && outcome.Status is 429 or 503 && outcome.Reply is { } reply ? RetryAfter.Read(reply.Message, time) : null;

    private static bool IsWorthRepeating(RetryPolicy retry, Outcome outcome) =>
        !outcome.IsOurs && (outcome.IsNetworkFailure || retry.OnStatus.Contains(outcome.Status));
}
