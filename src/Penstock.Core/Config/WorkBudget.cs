using System.Diagnostics;

namespace Penstock.Config;

/// <summary>
/// What the conditions of a config may cost for one request, all together: callers write both the conditions and the
/// bodies, and their product has no other bound.
/// </summary>
internal sealed class WorkBudget
{
    /// <summary>Members and items that are passed over in search of a fact, and pieces of 64 bytes of texts that are judged.</summary>
    public const int MaxSteps = 4_000_000;

    /// <summary>For patterns. The last one may take as long as one pattern may.</summary>
    public static readonly TimeSpan MaxPatternTime = TimeSpan.FromMilliseconds(200);

    private int _steps = MaxSteps;
    private TimeSpan _patternTime = MaxPatternTime;

    /// <exception cref="WorkBudgetException">They were the ones too many.</exception>
    public void Spend(int steps)
    {
        _steps -= steps;
        if (_steps < 0) throw new WorkBudgetException();
    }

    /// <param name="started">Time stamp of <see cref="Stopwatch"/>: what counts is work, in virtual time too.</param>
    /// <remarks>One pattern counts half of it at most: on a busy machine any of them may have had to wait for its turn.</remarks>
    public void SpendPatternTime(long started)
    {
        var elapsed = Stopwatch.GetElapsedTime(started);
        _patternTime -= elapsed < MaxPatternTime / 2 ? elapsed : MaxPatternTime / 2;
    }

    /// <exception cref="WorkBudgetException">Nothing is left for another pattern.</exception>
    public void BeginPattern()
    {
        if (_patternTime <= TimeSpan.Zero) throw new WorkBudgetException();
    }
}

/// <summary>The conditions cost more than they may.</summary>
internal sealed class WorkBudgetException() : Exception("The conditions of the config cost too much.");
