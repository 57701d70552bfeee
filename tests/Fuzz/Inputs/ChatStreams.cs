using System.Text;

namespace Penstock.Fuzz.Tests.Inputs;

/// <summary>Streams of chat chunks, as providers send them and as they should not.</summary>
internal static class ChatStreams
{
    private static readonly string[] Chunks =
    [
        """{"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}""",
        """{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
        """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        """{"choices":[{"index":1,"delta":{},"finish_reason":"length"}]}""",
        """{"choices":[{"delta":{"tool_calls":[{"index":0}]},"finish_reason" : "tool_calls"}]}""",
        """{"choices":[{"index":0,"delta":{"content":"\"finish_reason\":\"stop\" [DONE] \"error\":1"},"finish_reason":null}]}""",
        """{"choices":[],"usage":{"total_tokens":3}}""",
        """{"choices":[{"index":0,"delta":{"content":""},"finish_reason":null}],"usage":{"total_tokens":3}}""",
        """{"choices":[{"index":0,"text":"Hi","finish_reason":""}],"error":null}""",
        """{"choices":[{"index":-5,"message":{"content":"Hi"},"finish_reason":"stop"},{"finish_reason":"stop"}]}""",
        """{"error":{"message":"gone","code":429}}""",
        """{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}],"error":{"code":502}}""",
        """{"error":"","choices":null}""",
        """{"error":false}""",
        "[DONE]",
        " [DONE] ",
        "{\"choices\":[",
        "hello",
        "[]",
        "null",
    ];

    public static CutStream Any(Dice dice)
    {
        byte[][] data = [.. Enumerable.Range(0, 1 + dice.Below(4)).Select(_ => Chunk(dice))];
        var stream = dice.OneIn(3) ? SseGrammar.Stream(dice, data) : Orderly(dice, data);
        return new CutStream(Mutator.MayDamage(dice, stream, oneIn: 4), Cuts.Choose(dice));
    }

    private static byte[] Chunk(Dice dice)
    {
        var chunk = Encoding.UTF8.GetBytes(dice.Pick(Chunks));
        return dice.OneIn(4) ? [.. JsonMutator.Change(dice, chunk).Where(one => one is not ((byte)'\n' or (byte)'\r'))] : chunk;
    }

    /// <summary>One data line an event, some with a comment or a name before it.</summary>
    private static byte[] Orderly(Dice dice, byte[][] data)
    {
        var stream = new MemoryStream();
        for (var i = dice.Size(12); i > 0; i--)
        {
            if (dice.OneIn(5)) stream.Write(": ping\n\n"u8);
            if (dice.OneIn(20)) stream.Write("event: error\n"u8);
            stream.Write([.. "data: "u8, .. dice.Pick(data), .. "\n\n"u8]);
        }

        return stream.ToArray();
    }
}
