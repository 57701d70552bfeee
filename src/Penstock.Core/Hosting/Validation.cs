using Penstock.Snapshot;

namespace Penstock.Hosting;

/// <summary><c>--validate</c>: reads the settings file and says what is wrong with it.</summary>
internal static class Validation
{
    /// <returns>The exit code: 0 when the file is good.</returns>
    public static int Run(StartOptions options, Func<string, string?> environment, TextWriter output)
    {
        var look = new SnapshotFile(options.ConfigFile).Look();
        if (look.Content is null)
        {
            output.WriteLine($"{options.ConfigFile}: {look.Problem}");
            return 1;
        }

        var snapshot = SnapshotReader.Read(look.Content, environment, out var faults);
        foreach (var fault in faults) output.WriteLine(fault.Describe(options.ConfigFile));
        if (snapshot is null) return 1;
        output.WriteLine($"{options.ConfigFile} is valid: {SnapshotSummary.Of(snapshot)}.");
        return 0;
    }
}
