using System.Collections.Immutable;

namespace Penstock.Config.Conditions;

/// <summary>Every test holds for one fact, which is looked up once.</summary>
internal sealed record FactCondition(FactPath Path, ImmutableArray<FactTest> Tests) : Condition
{
    public override bool Matches(IRoutingFacts facts) => FactTest.AllHold(Tests, Path.Read(facts), facts.Budget);
}
