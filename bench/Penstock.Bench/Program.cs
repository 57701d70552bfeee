using System.CommandLine;
using Penstock.Bench.Verbs;

namespace Penstock.Bench;

internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var root = new RootCommand("Measures Penstock beside a bare forwarder, nginx and the reference gateway. bench/run.sh prepares and starts it.")
        {
            RunVerb.Create(),
            DriveVerb.Create(),
            ForwarderVerb.Create(),
            SimulatorVerb.Create(),
            PiecesVerb.Create(),
        };
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (ArgumentException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }
}
