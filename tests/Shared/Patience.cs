namespace Penstock.Tests;

/// <summary>How long a test waits for another thread, process or socket before it fails rather than hangs.</summary>
public static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Ends with the test run, or when the time is up. Each time it is asked for, it begins anew: a loop takes it once.</summary>
    public static CancellationToken Token
    {
        get
        {
            var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            source.CancelAfter(Limit);
            return source.Token;
        }
    }
}
