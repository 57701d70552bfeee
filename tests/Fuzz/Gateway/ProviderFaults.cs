using System.Text;
using Penstock.Simulator;

namespace Penstock.Fuzz.Tests.Gateway;

/// <summary>What a provider may answer, by a number: well, wrongly, half, or not at all. It always comes to an end.</summary>
internal static class ProviderFaults
{
    /// <param name="number">0: as it should.</param>
    public static Reply Of(ulong number)
    {
        if (number == 0) return Reply.Default;
        var dice = new Dice(number);
        Reply reply = dice.Below(14) switch
        {
            0 or 1 => Reply.Default,
            2 => Reply.Status(dice.Pick(400, 401, 404, 429, 500, 503, 529)),
            3 => Reply.Status(dice.Pick(204, 205, 301, 304, 400, 500, 599), Encoding.UTF8.GetString(new JsonGrammar(dice) { Names = ["error", "message", "code"], HasLoneSurrogates = true }.Value())),
            4 => Reply.Json(Mutator.Damage(dice, """{"choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}]}"""u8.ToArray())),
            5 => Stream(dice),
            6 => Stream(dice),
            7 => Reply.Html(dice.Pick(200, 502)),
            8 => Reply.Empty(dice.Pick(200, 204, 503)),
            9 => Reply.Reset(),
            10 => Reply.CloseWithoutAnswer(),
            11 => Reply.Garbage(),
            12 => Reply.Raw(RawAnswer(dice)),
            _ => Reply.Json("""{"choices":[]}""").Encoded(dice.Pick("gzip", "br"), isTruncated: dice.OneIn(2)),
        };
        if (dice.OneIn(6)) reply = reply.WithHeader(dice.Pick("X-Odd", "Content-Type", "Retry-After", "x-portkey-trace-id", "Set-Cookie", "Content-Encoding", "Location"), dice.Pick("é", "x", "text/event-stream", "gzip", "1", "", "\"", "application/json"));
        if (dice.OneIn(8)) reply = reply.CloseAfterBytes(dice.Below(100));
        if (dice.OneIn(12)) reply = reply.ResetAfterBytes(dice.Below(100));
        if (dice.OneIn(10)) reply = reply.AfterInformational();
        return reply.ClosingConnection();
    }

    /// <summary>A stream of any chunks, whole or cut.</summary>
    private static HttpReply Stream(Dice dice)
    {
        var stream = ChatStreams.Any(dice);
        return Reply.SseRaw(Cuts.Apply(stream.Stream, stream.Cuts).Where(piece => !piece.IsEmpty));
    }

    private static byte[] RawAnswer(Dice dice)
    {
        var body = dice.Pick("""{"choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}]}""", "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\ndata: [DONE]\n\n", "5\r\nhello\r\n0\r\n\r\n");
        var head = dice.Pick(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.0 200 OK\r\n\r\n",
            "HTTP/1.1 503 \r\nContent-Length: 9999\r\nX-Odd: \u00e9\u0001\r\n\r\n",
            "HTTP/1.1 999 X\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
        var answer = Encoding.Latin1.GetBytes(head + body);
        return dice.OneIn(2) ? Mutator.Damage(dice, answer) : answer;
    }
}
