namespace Penstock.Fuzz.Tests.Running;

/// <summary>
/// Checks input after input on a thread of its own, so that one which never comes back fails the test rather than
/// hanging it.
/// </summary>
internal sealed class FuzzRun<T>(FuzzTarget<T> target)
    where T : class
{
    /// <summary>Longer than a test waits for a socket; no other input takes a hundredth of it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan ShrinkTime = TimeSpan.FromSeconds(10);

    private readonly CancellationToken _stop = TestContext.Current.CancellationToken;
    private long _checked;
    private ulong _seed;
    private T? _current;

    public async Task RunAsync()
    {
        var stuck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = -1L;
        await using var watch = TimeProvider.System.CreateTimer(
            _ =>
            {
                var now = Interlocked.Read(ref _checked);
                if (now == Interlocked.Exchange(ref seen, now)) stuck.TrySetResult();
            },
            null,
            Patience,
            Patience);
        var started = TimeProvider.System.GetTimestamp();
        var loop = Task.Factory.StartNew(LoopAsync, _stop, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        if (await Task.WhenAny(loop, stuck.Task) != loop) Assert.Fail(Report("This does not come to an end.", _current));
        await loop;
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{_checked} inputs in {seconds:0.0} s");
    }

    private async Task LoopAsync()
    {
        var started = TimeProvider.System.GetTimestamp();
        for (_seed = FuzzSettings.FirstSeed; IsTimeLeft(started) && !_stop.IsCancellationRequested; _seed++)
        {
            _current = null;
            _current = target.Create(new Dice(_seed));
            if (await FailureAsync(_current) is { } failure)
            {
                var (smallest, error) = await MakeSmallAsync(_current, failure);
                Assert.Fail(Report(error.ToString(), smallest));
            }

            Interlocked.Increment(ref _checked);
        }
    }

    private bool IsTimeLeft(long started) => FuzzSettings.Seconds is { } seconds
        ? TimeProvider.System.GetElapsedTime(started).TotalSeconds < seconds
        : _checked < target.Inputs;

    private async ValueTask<Exception?> FailureAsync(T input)
    {
        try
        {
            await target.Check(input);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    /// <summary>Takes the first smaller form that fails in the same way, and begins again from there.</summary>
    private async Task<(T Input, Exception Error)> MakeSmallAsync(T input, Exception error)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var isSmaller = false;
            foreach (var candidate in target.Shrink(input))
            {
                if (TimeProvider.System.GetElapsedTime(started) > ShrinkTime) return (input, error);
                Interlocked.Increment(ref _checked);
                if (await FailureAsync(candidate) is not { } same || same.GetType() != error.GetType()) continue;
                (input, error, isSmaller) = (candidate, same, true);
                break;
            }

            if (!isSmaller) return (input, error);
        }
    }

    private string Report(string problem, T? input) =>
        $"""
        {problem}

        The smallest input that fails:
        {(input is null ? "It was still being made." : target.Show(input))}

        To repeat it, run this test alone with PENSTOCK_FUZZ_SEED={_seed}.
        """;
}
