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
        ConditionalTarget { MayBeSlow: true } conditional => ByConditionElsewhereAsync(conditional, exchange, mayRepeat),
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

    private ValueTask<Outcome> ByConditionAsync(ConditionalTarget conditional, Exchange exchange, bool mayRepeat) =>
        Choose(conditional, exchange) is { } chosen
            ? RunAsync(chosen, exchange, mayRepeat)
            : new(Outcome.Refused(null, null, GatewayError.BadRequest("No condition of the config matches this request, and its strategy names no default.", "strategy.conditions", "no_matching_target")));

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

    private static Target? Choose(ConditionalTarget conditional, Exchange exchange)
    {
        foreach (var (condition, then) in conditional.Cases)
        {
            if (condition.Matches(exchange)) return then;
        }

        return conditional.Default;
    }
}
