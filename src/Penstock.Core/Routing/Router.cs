using System.Diagnostics;
using System.Runtime.CompilerServices;
using Penstock.Config;
using Penstock.Pipeline;

namespace Penstock.Routing;

/// <summary>Walks a plan's tree and gives back what the client will see.</summary>
internal sealed class Router(RetryLoop leaves, Chance chance)
{
    /// <param name="mayRepeat">Whether a target outside this subtree would still be tried after a failure.</param>
    public ValueTask<Outcome> RunAsync(Target target, Exchange exchange, bool mayRepeat = false) => target switch
    {
        LeafTarget leaf => leaves.RunAsync(leaf, exchange, mayRepeat),
        SingleTarget single => RunAsync(single.Only, exchange, mayRepeat),
        FallbackTarget fallback => InOrderAsync(fallback, exchange, mayRepeat),
        LoadBalanceTarget balance => RunAsync(Pick(balance), exchange, mayRepeat),
        ConditionalTarget conditional when conditional.MayBeSlow || exchange.IsLarge => ByConditionElsewhereAsync(conditional, exchange, mayRepeat),
        ConditionalTarget conditional => ByConditionAsync(conditional, exchange, mayRepeat),
        _ => throw new UnreachableException($"No route for {target.GetType().Name}."),
    };

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Outcome> InOrderAsync(FallbackTarget fallback, Exchange exchange, bool mayRepeat)
    {
        for (var i = 0; ; i++)
        {
            var isLast = i == fallback.Targets.Length - 1;
            var outcome = await RunAsync(fallback.Targets[i], exchange, mayRepeat || !isLast);
            outcome.WasRouted |= fallback.Targets.Length > 1;
            if (isLast || !Continues(fallback, outcome) || !exchange.CanRepeat || exchange.Cut.IsCancellationRequested) return outcome;
            outcome.Dispose();
        }
    }

    private static bool Continues(FallbackTarget fallback, Outcome outcome) =>
        outcome.Error is { IsUnsupported: true } || (fallback.OnStatus is { } statuses ? statuses.Contains(outcome.Status) : !outcome.IsSuccess);

    private ValueTask<Outcome> ByConditionAsync(ConditionalTarget conditional, Exchange exchange, bool mayRepeat)
    {
        var at = 0;
        try
        {
            return Choose(conditional, exchange, ref at) is { } chosen
                ? RunAsync(chosen, exchange, mayRepeat)
                : new(Outcome.Refused(null, null, GatewayError.BadRequest("No condition of the config matches this request, and its strategy names no default.", "strategy.conditions", "no_matching_target")));
        }
        catch (WorkBudgetException)
        {
            var place = $"{conditional.Path}.strategy.conditions[{at}]";
            return new(Outcome.Refused(null, null, GatewayError.BadRequest(
                $"Judging the config's conditions takes too much work for this request; Penstock gave up at {place}. Use fewer or simpler conditions, or look at metadata or headers rather than at a large body.",
                place,
                "conditions_too_costly")));
        }
    }

    /// <summary>On a pool thread: here we may stand on one that serves a share of all sockets.</summary>
    private async ValueTask<Outcome> ByConditionElsewhereAsync(ConditionalTarget conditional, Exchange exchange, bool mayRepeat)
    {
        await Task.Yield();
        return await ByConditionAsync(conditional, exchange, mayRepeat);
    }

    private Target Pick(LoadBalanceTarget balance)
    {
        var rest = chance.Next() * balance.TotalWeight;
        foreach (var target in balance.Targets)
        {
            if (rest < target.Weight) return target;
            rest -= target.Weight;
        }

        // Rounding may leave a crumb: it belongs to the last target that has a weight.
        for (var i = balance.Targets.Length - 1; i > 0; i--)
        {
            if (balance.Targets[i].Weight > 0) return balance.Targets[i];
        }

        return balance.Targets[0];
    }

    /// <param name="at">The condition that is judged.</param>
    /// <exception cref="WorkBudgetException">It was one too many.</exception>
    private static Target? Choose(ConditionalTarget conditional, Exchange exchange, ref int at)
    {
        for (at = 0; at < conditional.Cases.Length; at++)
        {
            var (condition, then) = conditional.Cases[at];
            if (condition.Matches(exchange)) return then;
        }

        return conditional.Default;
    }
}
