using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>A provider's error keeps its status and its whole text, in whatever form it comes.</summary>
public sealed class ProviderErrorBodyTests
{
    private static readonly byte[] Random = RandomNumberGenerator.GetBytes(5_000);

    public sealed record BodyCase(string What, Reply Reply, string Part)
    {
        public override string ToString() => What;
    }

    public static TheoryData<BodyCase> Bodies => new(new BodyCase[]
    {
        new("words", Reply.Text("Too many requests, dear user", 429), "Too many requests, dear user"),
        new("a page", Reply.Html(503), "<h1>502 Bad Gateway</h1>"),
        new("nothing", Reply.Empty(500), "HTTP 500 with an empty body"),
        new("bytes", Reply.Bytes(Random, "application/octet-stream", 500), "p0 error: "),
        new("bytes that say they are JSON", Reply.Bytes(Random, "application/json", 500), "p0 error: "),
        new("Latin-1", Reply.Bytes(Encoding.Latin1.GetBytes("caf\u00e9 ferm\u00e9"), "text/plain; charset=iso-8859-1", 500), "caf\uFFFD ferm\uFFFD"),
        new("UTF-16", Reply.Bytes(Encoding.Unicode.GetBytes("""{"error":"x"}"""), "application/json; charset=utf-16", 500), "p0 error: "),
        new("NULs", Reply.Bytes(new byte[100], "application/json", 500), "p0 error: "),
        new("cut JSON", Reply.Json("""{"error":{"message":"That went wr""", 500), "That went wr"),
        new("deep JSON", Reply.Json(new string('[', 100_000), 500), "[[[["),
        new("a long text", Reply.Json($$$"""{"error":{"message":"{{{new string('x', 500_000)}}} end"}}""", 500), " end"),
        new("a text without end", Reply.Bytes(Encoding.UTF8.GetBytes(new string('y', 3_000_000)), "text/plain", 500), "yyyy"),
        new("a lone surrogate", Reply.Json("""{"error":{"message":"a\ud800b","code":"\udfff"}}""", 500), "a\uFFFDb"),
        new("a stack trace of theirs", Reply.Json("""{"detail":"Traceback (most recent call last):\n  File \"x.py\""}""", 500), "Traceback"),
        new("an event", Reply.SseRaw(Encoding.UTF8.GetBytes("event: error\ndata: {\"error\":{\"message\":\"in a stream\"}}\n\n")).WithStatus(500), "in a stream"),
        new("a cut answer", Reply.Json("""{"error":{"message":"It broke here and not there"}}""", 500).CloseAfterBytes(35), "It broke here"),
        new("a packed answer", Reply.Json("""{"error":{"message":"unpacked"}}""", 500).Encoded("gzip"), "unpacked"),
        new("a broken packed answer", Reply.Json("""{"error":{"message":"unpacked"}}""", 500).Encoded("gzip", isTruncated: true), "p0 error: "),
    });

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task It_becomes_an_object_that_clients_can_read(BodyCase wanted)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(wanted.Reply);
        foreach (var stream in new[] { false, true })
        {
            var answer = await world.SendAsync(world.Chat(stream: stream));
            Assert.True(answer.Status is 500 or 429 or 503, answer.Text);
            Assert.StartsWith("p0 error: ", answer.ErrorMessage, StringComparison.Ordinal);
            Assert.Contains(wanted.Part, answer.ErrorMessage, StringComparison.Ordinal);
            Assert.Equal("p0", answer.Json.GetProperty("provider").GetString());
            Assert.Equal("config", answer.Leaf);
            Assert.NotNull(answer.Header("x-portkey-trace-id"));
            foreach (var name in new[] { "type", "param", "code" }) Assert.True(answer.Json.GetProperty("error").TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array));
        }
    }
}
