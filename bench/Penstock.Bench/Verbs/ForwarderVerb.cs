using System.CommandLine;

namespace Penstock.Bench.Verbs;

internal static class ForwarderVerb
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Required = true };
        var upstream = new Option<Uri>("--upstream") { Required = true, CustomParser = result => new Uri(result.Tokens[0].Value) };
        var command = new Command("forwarder", "Runs the bare forwarder.") { port, upstream };
        command.SetAction(async (parsed, _) => await Forwarder.RunAsync(parsed.GetRequiredValue(port), parsed.GetRequiredValue(upstream)));
        return command;
    }
}
