using System.CommandLine;

namespace Penstock.Bench.Verbs;

internal static class SimulatorVerb
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Required = true };
        var command = new Command("simulator", "Runs the provider with canned answers.") { port };
        command.SetAction(async (parsed, _) => await StandIn.RunAsync(parsed.GetRequiredValue(port)));
        return command;
    }
}
