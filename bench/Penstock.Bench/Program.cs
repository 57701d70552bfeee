using System.CommandLine;
using Penstock.Bench.Verbs;

namespace Penstock.Bench;

internal static class Program
{
    private static Task<int> Main(string[] args) => new RootCommand("Measures Penstock beside a bare forwarder, nginx and the reference gateway. bench/run.sh prepares and starts it.")
    {
        RunVerb.Create(),
        DriveVerb.Create(),
        ForwarderVerb.Create(),
        SimulatorVerb.Create(),
        PiecesVerb.Create(),
    }.Parse(args).InvokeAsync();
}
