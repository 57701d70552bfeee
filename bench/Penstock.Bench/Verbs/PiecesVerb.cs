using System.CommandLine;

namespace Penstock.Bench.Verbs;

internal static class PiecesVerb
{
    public static Command Create()
    {
        var command = new Command("pieces", "Times the pieces of Penstock's hot path in this process.");
        command.SetAction(_ => Pieces.Run());
        return command;
    }
}
