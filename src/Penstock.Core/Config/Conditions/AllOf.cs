using System.Collections.Immutable;

namespace Penstock.Config.Conditions;

/// <summary>Every part holds; so does none at all.</summary>
internal sealed record AllOf(ImmutableArray<Condition> Parts) : Condition
{
    public override bool Matches(IRoutingFacts facts)
    {
        foreach (var part in Parts)
        {
            if (!part.Matches(facts)) return false;
        }

        return true;
    }
}
