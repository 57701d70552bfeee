using System.Text;

namespace Penstock.Fuzz.Tests.Inputs;

/// <summary>Writes event streams: every line end that the standard knows, comments, fields that nobody knows, events of many lines.</summary>
internal static class SseGrammar
{
    private static readonly string[] LineEnds = ["\n", "\n", "\n", "\r\n", "\r"];

    private static readonly string[] Lines =
    [
        "data: x", "data:y", "data", "data:", "data:  two", "datax: no", "data : no", "event: e", "event:error", "event: error", "event", "event:", "id: 1", "retry: 10", ":", ": ping",
        ":c", "unknown: z", " data: indented", "data: é😀", "data: [DONE]", "data: \uFEFF",
    ];

    /// <param name="data">What the data lines hold, if it is more than words.</param>
    public static byte[] Stream(Dice dice, params ReadOnlySpan<byte[]> data)
    {
        var stream = new MemoryStream();
        var end = dice.Pick(LineEnds);
        var isMixed = dice.OneIn(3);
        if (dice.OneIn(10)) stream.Write("\uFEFF"u8);
        for (var i = dice.Size(12); i > 0; i--)
        {
            for (var lines = dice.Size(4); lines > 0; lines--)
            {
                if (data.Length > 0 && dice.OneIn(2)) stream.Write([.. "data: "u8, .. dice.Pick(data)]);
                else stream.Write(Encoding.UTF8.GetBytes(dice.Pick(Lines)));
                WriteEnd();
            }

            WriteEnd();
        }

        // Often the last event is cut.
        if (dice.OneIn(3)) stream.Write("data: cut"u8);
        return stream.ToArray();

        void WriteEnd() => stream.Write(Encoding.ASCII.GetBytes(isMixed ? dice.Pick(LineEnds) : end));
    }
}
