namespace Penstock.Transport;

/// <summary>
/// Counts the steps of a copy. The thread that hears of a share of all sockets also runs what waits for their bytes: a
/// copy whose two ends are always ready would keep that thread to itself. So now and then it goes on elsewhere.
/// </summary>
internal struct FairTurn
{
    /// <summary>Of at most 32 KB each: some milliseconds at most.</summary>
    private const int Steps = 64;

    private int _steps;

    /// <summary>True after so many steps: then <c>await Task.Yield()</c>.</summary>
    public bool IsOverAfterStep()
    {
        if (++_steps < Steps) return false;
        _steps = 0;
        return true;
    }
}
