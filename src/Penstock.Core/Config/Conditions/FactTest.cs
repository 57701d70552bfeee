using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Penstock.Config.Conditions;

/// <summary>One judgement about one fact.</summary>
internal abstract record FactTest
{
    public abstract bool Holds(in FactValue value, WorkBudget budget);

    public static bool AllHold(ImmutableArray<FactTest> tests, in FactValue value, WorkBudget budget)
    {
        foreach (var test in tests)
        {
            if (!test.Holds(value, budget)) return false;
        }

        return true;
    }
}

/// <summary><c>$eq</c>, <c>$in</c>: the fact equals one of these, type included. A missing fact equals nothing.</summary>
internal sealed record OneOf(ImmutableArray<Literal> Literals) : FactTest
{
    public override bool Holds(in FactValue value, WorkBudget budget)
    {
        budget.Spend(Literals.Length);
        foreach (var literal in Literals)
        {
            if (literal.IsEqual(value)) return true;
        }

        return false;
    }
}

/// <summary><c>$not</c>, <c>$ne</c>, <c>$nin</c>: the tests do not all hold, which is so for most missing facts.</summary>
internal sealed record NotAll(ImmutableArray<FactTest> Tests) : FactTest
{
    public override bool Holds(in FactValue value, WorkBudget budget) => !AllHold(Tests, value, budget);
}

/// <summary><c>$exists</c>: the fact is there, null included.</summary>
internal sealed record IsThere(bool Expected) : FactTest
{
    public override bool Holds(in FactValue value, WorkBudget budget) => value.Kind != JsonValueKind.Undefined == Expected;
}

/// <summary><c>$gt</c>, <c>$gte</c>, <c>$lt</c>, <c>$lte</c>. What is no number is neither more nor less.</summary>
internal sealed record Ordered(string Operator, double Limit) : FactTest
{
    public override bool Holds(in FactValue value, WorkBudget budget)
    {
        budget.Spend(value.Steps);
        var number = value.ToNumber();
        return Operator switch
        {
            "$gt" => number > Limit,
            "$gte" => number >= Limit,
            "$lt" => number < Limit,
            _ => number <= Limit,
        };
    }
}

/// <summary><c>$regex</c>, anywhere in the text of a string, number or boolean; nothing else ever matches.</summary>
internal sealed record Pattern(Regex Regex) : FactTest
{
    public override bool Holds(in FactValue value, WorkBudget budget)
    {
        budget.BeginPattern();
        budget.Spend(value.Steps);
        var started = Stopwatch.GetTimestamp();
        try
        {
            return value.ToText() is { } text && Regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
        finally
        {
            budget.SpendPatternTime(started);
        }
    }
}
