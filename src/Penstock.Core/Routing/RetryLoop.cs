using Penstock.Config;
using Penstock.Pipeline;

namespace Penstock.Routing;

/// <summary>Calls one leaf, and again while its policy allows.</summary>
internal sealed class RetryLoop(LeafPreparer preparer, AttemptRunner attempts, TimeProvider time, Chance chance)
{
    /// <param name="mayRepeat">Whether another target would still be tried after this leaf failed.</param>
    public async ValueTask<Outcome> RunAsync(LeafTarget leaf, Exchange exchange, bool mayRepeat)
    {
        var (call, refusal) = preparer.Prepare(exchange, leaf);
        if (call is null) return refusal!;

        var retry = leaf.Settings.Retry;
        var waitBudget = RetryAfter.Budget;
        for (var repeat = 0; ; repeat++)
        {
            var outcome = await attempts.RunAsync(call, mayRepeat || repeat < retry.Attempts);
            outcome.WasRouted = retry.Attempts > 0;
            outcome.RetryCount = repeat;
            if (retry.Attempts == 0 || !IsWorthRepeating(retry, outcome)) return outcome;
            outcome.RetryCount = -1;
            if (repeat == retry.Attempts || !exchange.CanRepeat || exchange.Cut.IsCancellationRequested) return outcome;

            var delay = Backoff.Delay(repeat, chance);
            if (retry.UseRetryAfter && outcome.Status == 429 && outcome.Reply is { } reply && RetryAfter.Read(reply.Message, time) is { } wish)
            {
                // Waiting longer than that helps nobody: the next target, or the caller, decides.
                if (wish >= RetryAfter.Budget || wish > waitBudget) return outcome;
                waitBudget -= wish;
                delay = wish;
            }

            outcome.Dispose();
            await Task.Delay(delay, time, exchange.ClientGone);
        }
    }

    private static bool IsWorthRepeating(RetryPolicy retry, Outcome outcome) =>
        !outcome.IsOurs && (outcome.IsNetworkFailure || retry.OnStatus.Contains(outcome.Status));
}
