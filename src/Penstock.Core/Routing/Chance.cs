namespace Penstock.Routing;

/// <summary>Where chance comes from: uniform numbers from 0 to below 1. A test puts a seeded one in its place.</summary>
internal sealed class Chance(Func<double> next)
{
    public static Chance Shared { get; } = new(Random.Shared.NextDouble);

    public double Next() => next();
}
