using System.Globalization;

namespace Penstock.Fuzz.Tests.Running;

/// <summary>How long to run and where to begin, from the environment.</summary>
internal static class FuzzSettings
{
    /// <summary>Seconds for each target; null: the short slice, a fixed number of inputs.</summary>
    public static double? Seconds { get; } =
        double.TryParse(Environment.GetEnvironmentVariable("PENSTOCK_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? seconds : null;

    /// <summary>Seed of the first input; each following input has the next number.</summary>
    public static ulong FirstSeed { get; } =
        ulong.TryParse(Environment.GetEnvironmentVariable("PENSTOCK_FUZZ_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 1;
}
