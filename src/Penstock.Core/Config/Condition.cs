namespace Penstock.Config;

/// <summary>A compiled query of conditional routing.</summary>
internal abstract record Condition
{
    private protected Condition()
    {
    }

    public abstract bool Matches(IRoutingFacts facts);
}
