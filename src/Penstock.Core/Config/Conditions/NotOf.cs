namespace Penstock.Config.Conditions;

/// <summary>The part does not hold.</summary>
internal sealed record NotOf(Condition Part) : Condition
{
    public override bool Matches(IRoutingFacts facts) => !Part.Matches(facts);
}
