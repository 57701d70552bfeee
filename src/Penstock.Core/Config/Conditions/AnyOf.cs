using System.Collections.Immutable;

namespace Penstock.Config.Conditions;

/// <summary>At least one part holds; of none, none does.</summary>
internal sealed record AnyOf(ImmutableArray<Condition> Parts) : Condition
{
    public override bool Matches(IRoutingFacts facts)
    {
        foreach (var part in Parts)
        {
            if (part.Matches(facts)) return true;
        }

        return false;
    }
}
