namespace Penstock.Hosting;

/// <summary>
/// Shutdown without broken answers: counts the running requests, lets them finish within a grace period, and then asks
/// the rest to end in an error of their own.
/// </summary>
internal sealed class Drain : IDisposable
{
    /// <summary>How long requests have, once the grace period is over, to write their error: a client may read slowly.</summary>
    public static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _cut = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private volatile bool _isDraining;

    /// <summary>Shutdown has begun. Requests are still served; each says that its connection will close.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>Fires when the grace period is over: what still runs must end now.</summary>
    public CancellationToken CutToken => _cut.Token;

    /// <summary>Requests that are being served.</summary>
    public int Running => Volatile.Read(ref _running);

    public void Enter() => Interlocked.Increment(ref _running);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _running) == 0 && _isDraining) _idle.TrySetResult();
    }

    /// <summary>
    /// Returns as soon as nothing runs, at the latest <see cref="LastWords"/> after the grace period. The token has
    /// fired by then: a request that slips in before the listeners close ends in an error at once.
    /// </summary>
    /// <returns>How many requests were told to end.</returns>
    public async Task<int> FinishAsync(TimeSpan grace, TimeProvider time)
    {
        _isDraining = true;
        if (Running == 0) _idle.TrySetResult();
        await IdleWithinAsync(grace, time);
        var late = Running;
        await _cut.CancelAsync();
        if (late > 0) await IdleWithinAsync(LastWords, time);
        return late;
    }

    public void Dispose() => _cut.Dispose();

    private async Task IdleWithinAsync(TimeSpan limit, TimeProvider time)
    {
        try
        {
            await _idle.Task.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            // The caller looks at what still runs.
        }
    }
}
