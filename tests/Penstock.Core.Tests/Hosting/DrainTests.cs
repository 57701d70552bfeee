using Penstock.Hosting;

namespace Penstock.Tests.Hosting;

/// <summary>The order of a shutdown, in virtual time.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task With_nothing_running_it_is_over_at_once_and_the_token_has_fired()
    {
        using var drain = new Drain();
        Assert.False(drain.IsDraining);
        Assert.Equal(0, await drain.FinishAsync(Grace, _time).WaitAsync(Patience.Token));
        Assert.True(drain.IsDraining);
        Assert.True(drain.CutToken.IsCancellationRequested);
    }

    [Fact]
    public async Task It_ends_with_the_last_request()
    {
        using var drain = new Drain();
        drain.Enter();
        drain.Enter();
        var finishing = drain.FinishAsync(Grace, _time);
        drain.Leave();
        drain.Enter(); // one more during the grace period
        drain.Leave();
        Assert.False(finishing.IsCompleted);
        Assert.False(drain.CutToken.IsCancellationRequested);
        drain.Leave();
        Assert.Equal(0, await finishing.WaitAsync(Patience.Token));
    }

    [Fact]
    public async Task After_the_grace_period_requests_are_told_and_waited_for()
    {
        using var drain = new Drain();
        drain.Enter();
        var cut = new TaskCompletionSource();
        using var registration = drain.CutToken.Register(cut.SetResult);
        var finishing = drain.FinishAsync(Grace, _time);
        _time.Advance(Grace - TimeSpan.FromMilliseconds(1));
        Assert.False(drain.CutToken.IsCancellationRequested);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await cut.Task.WaitAsync(Patience.Token);
        Assert.False(finishing.IsCompleted);
        drain.Leave();
        Assert.Equal(1, await finishing.WaitAsync(Patience.Token));
    }

    [Fact]
    public async Task A_request_that_never_ends_does_not_hold_the_program()
    {
        using var drain = new Drain();
        drain.Enter();
        var finishing = drain.FinishAsync(TimeSpan.FromMilliseconds(1), _time);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await _time.ArmedAsync(due => due == Drain.LastWords).WaitAsync(Patience.Token);
        _time.Advance(Drain.LastWords);
        Assert.Equal(1, await finishing.WaitAsync(Patience.Token));
    }
}
