namespace Penstock.Security.Tests;

/// <summary>
/// Requests that two servers would cut differently: what reaches the provider is exactly one well-formed request, or
/// none, and nothing of it is ever taken for the next one.
/// </summary>
public sealed class SmugglingTests
{
    private const string Body = """{"model":"m","messages":[]}""";

    public static TheoryData<string, string, string> Odd => new()
    {
        { "two framings", $"Content-Length: {Body.Length}\r\nTransfer-Encoding: chunked\r\n", Chunked },
        { "two framings, hidden", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", Chunked },
        { "TE first", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", Chunked },
        { "two lengths", "Content-Length: 27\r\nContent-Length: 5\r\n", Body },
        { "the same length twice", "Content-Length: 27\r\nContent-Length: 27\r\n", Body },
        { "a list of lengths", "Content-Length: 27, 27\r\n", Body },
        { "a plus", "Content-Length: +27\r\n", Body },
        { "a minus", "Content-Length: -27\r\n", Body },
        { "hexadecimal", "Content-Length: 0x1b\r\n", Body },
        { "a space within", "Content-Length: 2 7\r\n", Body },
        { "a huge length", "Content-Length: 99999999999999999999\r\n", Body },
        { "an empty length", "Content-Length: \r\n", Body },
        { "a space before the colon", "Content-Length : 27\r\n", Body },
        { "a tab before the colon", "Transfer-Encoding\t: chunked\r\nContent-Length: 27\r\n", Body },
        { "an unknown coding", "Transfer-Encoding: xchunked\r\nContent-Length: 27\r\n", Body },
        { "chunked not last", "Transfer-Encoding: chunked, identity\r\n", Chunked },
        { "chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", Chunked },
        { "chunked, capital", "Transfer-Encoding: CHUNKED\r\n", Chunked },
        { "a vertical tab", "Transfer-Encoding: \vchunked\r\nContent-Length: 27\r\n", Body },
        { "a folded line", "x-a: b\r\n Transfer-Encoding: chunked\r\nContent-Length: 27\r\n", Body },
        { "a folded coding", "Transfer-Encoding:\r\n chunked\r\nContent-Length: 27\r\n", Body },
        { "a bare line feed", "x-a: b\nTransfer-Encoding: chunked\r\nContent-Length: 27\r\n", Body },
        { "a bare carriage return", "x-a: b\rTransfer-Encoding: chunked\r\nContent-Length: 27\r\n", Body },
        { "a NUL", "x-a: b\0c\r\nContent-Length: 27\r\n", Body },
        { "no colon", "x-a\r\nContent-Length: 27\r\n", Body },
        { "an empty name", ": b\r\nContent-Length: 27\r\n", Body },
        { "a name with a slash", "x/a: b\r\nContent-Length: 27\r\n", Body },
        { "an underscored length", "Content_Length: 3\r\nContent-Length: 27\r\n", Body },
        { "connection names the length", "Connection: Content-Length\r\nContent-Length: 27\r\n", Body },
        { "an upgrade", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\nContent-Length: 27\r\n", Body },
        { "an expectation", "Expect: 200-ok\r\nContent-Length: 27\r\n", Body },
        { "chunk extensions", "Transfer-Encoding: chunked\r\n", $"{Body.Length:x};a=b;c=\"d\"\r\n{Body}\r\n0;x\r\n\r\n" },
        { "a line feed in a chunk extension", "Transfer-Encoding: chunked\r\n", $"{Body.Length:x};a\nb\r\n{Body}\r\n0\r\n\r\n" },
        { "trailers", "Transfer-Encoding: chunked\r\nTrailer: Content-Length\r\n", $"{Body.Length:x}\r\n{Body}\r\n0\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\nHost: evil\r\n\r\n" },
        { "a chunk size that overflows", "Transfer-Encoding: chunked\r\n", $"1000000000000001b\r\n{Body}\r\n0\r\n\r\n" },
        { "a chunk size over 32 bits", "Transfer-Encoding: chunked\r\n", $"10000001b\r\n{Body}\r\n0\r\n\r\n" },
        { "a negative chunk size", "Transfer-Encoding: chunked\r\n", $"-1b\r\n{Body}\r\n0\r\n\r\n" },
        { "a chunk size with 0x", "Transfer-Encoding: chunked\r\n", $"0x{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n" },
        { "a space in the chunk size", "Transfer-Encoding: chunked\r\n", $" {Body.Length:x}\r\n{Body}\r\n0\r\n\r\n" },
        { "a chunk line that ends in a line feed", "Transfer-Encoding: chunked\r\n", $"{Body.Length:x}\n{Body}\r\n0\r\n\r\n" },
        { "a chunk that is longer than it says", "Transfer-Encoding: chunked\r\n", $"{Body.Length - 1:x}\r\n{Body}\r\n0\r\n\r\n" },
        { "a chunk without its end", "Transfer-Encoding: chunked\r\n", $"{Body.Length:x}\r\n{Body}0\r\n\r\n" },
    };

    private static string Chunked => $"{Body.Length:x}\r\n{Body}\r\n0\r\n\r\n";

    [Theory]
    [MemberData(nameof(Odd))]
    public async Task One_request_or_none(string what, string headers, string body)
    {
        foreach (var (path, contentType) in ((string, string)[])[("/v1/chat/completions", "application/json"), ("/v1/anything", "application/octet-stream")])
        {
            await using var provider = new RecordingServer();
            await using var world = await TestWorld.StartAsync();
            await using var client = new RawClient(world);
            var hidden = RawClient.Head("/v1/hidden", provider.CustomHost + "Content-Length: 2\r\n") + "\r\n{}";
            await client.SendAsync(RawClient.Head(path, provider.CustomHost + headers, contentType) + "\r\n" + body + hidden);
            var answer = await client.ReadAnswerAsync();
            var status = int.Parse(answer.AsSpan("HTTP/1.1 ".Length, 3), System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(status is 200 or >= 400 and < 500, $"{what}: {answer}");
            var isTwofold = headers.Contains("Transfer-Encoding: chunked", StringComparison.Ordinal) && headers.Contains("\r\nContent-Length", StringComparison.Ordinal)
                || headers.StartsWith("Content-Length", StringComparison.Ordinal) && headers.Contains("\r\nTransfer-Encoding", StringComparison.Ordinal);
            if (status != 200 || isTwofold)
            {
                // Where two servers may see two ends, nothing that follows counts.
                await client.ClosedAsync();
                Assert.Equal(status == 200 ? 1 : 0, provider.Requests.Count);
            }

            if (status == 200) Assert.EndsWith("\r\n\r\n" + Body, provider.Requests[0], StringComparison.Ordinal);
        }
    }
}
