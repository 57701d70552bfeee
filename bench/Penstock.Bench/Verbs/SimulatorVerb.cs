using System.CommandLine;
using Penstock.Simulator;

namespace Penstock.Bench.Verbs;

internal static class SimulatorVerb
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Required = true };
        var command = new Command("simulator", "Runs the provider with canned answers.") { port };
        command.SetAction((parsed, cancellationToken) =>
            SimulatorHost.RunAsync(["--canned", "--port", $"{parsed.GetRequiredValue(port)}"], cancellationToken));
        return command;
    }
}
