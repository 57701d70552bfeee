using System.Text;
using Penstock.Simulator;

namespace Penstock.Core.Tests.Gateway;

/// <summary>Answers of providers that are odd, broken or against the rules: the client gets what can be made of them.</summary>
public sealed class OddAnswerTests
{
    private const string Json = """{"choices":[]}""";

    private static HttpReply Raw(string status, string headers, string body) =>
        Reply.Raw(Encoding.Latin1.GetBytes($"HTTP/1.1 {status}\r\n{headers}\r\n\r\n{body}"));

    [Theory]
    [InlineData("caf\u00e9")]
    [InlineData("caf\u00c3\u00a9")]
    [InlineData("tab\there")]
    public async Task A_header_beyond_ASCII_passes_byte_for_byte(string value)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Raw("200 OK", $"Content-Type: application/json\r\nContent-Length: {Json.Length}\r\nx-name: {value}", Json));
        await using var client = new RawClient(world);
        await client.SendAsync(RawClient.Head(headers: "Content-Length: 2\r\n") + "\r\n{}");
        var answer = await client.ReadAnswerAsync();
        Assert.StartsWith("HTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        Assert.Contains($"x-name: {value}\r\n", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_body_that_breaks_before_its_first_byte_is_an_error_of_the_gateways()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Raw("200 OK", "Transfer-Encoding: chunked\r\nContent-Type: audio/wav\r\nx-request-id: r1", "no chunk\r\n"));
        var request = new HttpRequestMessage(HttpMethod.Get, "/v1/files/f1/content");
        request.Headers.Add("x-portkey-provider", "p0");

        var answer = await world.SendAsync(request);

        Assert.Equal(502, answer.Status);
        Assert.StartsWith("Could not get an answer from p0:", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("application/json", answer.Message.Content.Headers.ContentType!.ToString());
        Assert.Null(answer.Header("x-request-id"));
        Assert.NotNull(answer.Header("x-portkey-trace-id"));
        Assert.Equal("config", answer.Leaf);
    }

    [Theory]
    [InlineData("200 OK")]
    [InlineData("429 Slow Down")]
    public async Task A_header_with_a_control_character_is_left_out(string status)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Raw(status, $"Content-Type: application/json\r\nContent-Length: {Json.Length}\r\nx-bad: a\u0001b\r\nx-good: yes", Json));
        var answer = await world.SendAsync(world.Chat());
        Assert.Equal(int.Parse(status.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture), answer.Status);
        Assert.Null(answer.Header("x-bad"));
        Assert.Equal("yes", answer.Header("x-good"));
    }

    [Fact]
    public async Task A_provider_cannot_say_what_Penstock_says()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Status(500).WithHeader("x-should-retry", "true").WithHeader("x-portkey-retry-attempt-count", "7"));
        var answer = await world.SendAsync(world.Chat("""{"provider":"p0","retry":{"attempts":1,"on_status_codes":[429]}}"""));
        Assert.Equal((500, "0", "false"), (answer.Status, answer.Retries, answer.Header("x-should-retry")));
    }

    [Theory]
    [InlineData("/v1/things", "application/json", 204, 204)]
    [InlineData("/v1/things", "application/json", 205, 205)]
    [InlineData("/v1/things", "text/event-stream", 204, 204)]
    [InlineData("/v1/chat/completions", "application/json", 204, 502)]
    [InlineData("/v1/chat/completions", "text/event-stream", 204, 502)]
    [InlineData("/v1/chat/completions", "text/event-stream", 205, 502)]
    public async Task A_status_without_a_body_gets_none(string path, string contentType, int status, int expected)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Raw($"{status} Odd", $"Content-Type: {contentType}\r\nContent-Length: {Json.Length}", Json));
        var answer = await world.SendAsync(world.Json(path, """{"stream":true}"""));
        Assert.Equal(expected, answer.Status);
        if (expected != 502) Assert.Equal("", answer.Text);
    }

    [Theory]
    [InlineData(101)]
    [InlineData(99)]
    [InlineData(0)]
    public async Task A_status_that_ends_no_request_is_a_failure(int status)
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Providers[0].Always(Raw($"{status:000} Odd", $"Content-Type: application/json\r\nContent-Length: {Json.Length}", Json));
        world.Providers[1].Always(Reply.Json(Json));
        Assert.Equal(502, (await world.SendAsync(world.Chat())).Status);
        Assert.Equal("config.targets[1]", (await world.SendAsync(world.Chat(Configs.Fallback()))).Leaf);
    }

    [Fact]
    public async Task A_length_beside_chunks_does_not_count()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Raw("200 OK", "Content-Type: application/json\r\nContent-Length: 3\r\nTransfer-Encoding: chunked", $"{Json.Length:x}\r\n{Json}\r\n0\r\n\r\n"));
        var answer = await world.SendAsync(world.Chat());
        Assert.Equal((200, Json), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("\"overloaded\"")]
    [InlineData("[1]")]
    [InlineData("7")]
    [InlineData("overloaded")]
    [InlineData("""{"\ud800xxxx":1,"message":"overloaded"}""")]
    public async Task An_error_event_in_any_form_is_an_error_of_the_provider(string data)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.SseRaw(Encoding.UTF8.GetBytes($"event: error\ndata: {data}\n\n")));
        var answer = await world.SendAsync(world.Chat("""{"provider":"p0","retry":{"attempts":1,"on_status_codes":[599]}}""", stream: true));
        Assert.Equal(502, answer.Status);
        Assert.DoesNotContain("connection", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions", "application/json")]
    [InlineData("/v1/files", "application/octet-stream")]
    public async Task An_answer_that_comes_before_the_body_was_read_counts_though_the_connection_breaks(string path, string contentType)
    {
        await using var world = await TestWorld.StartAsync();
        await using var provider = new RawServer(async connection =>
        {
            var buffer = new byte[4096];
            await connection.Stream.ReadExactlyAsync(buffer, connection.Stop);
            await connection.WriteAsync("HTTP/1.1 413 Too Large\r\nContent-Type: application/json\r\nContent-Length: 31\r\nConnection: close\r\n\r\n{\"error\":{\"message\":\"too much\"}}");
        });
        var body = new ByteArrayContent(Encoding.UTF8.GetBytes($$"""{"model":"m","messages":"{{new string('x', 8 << 20)}}"}"""));
        body.Headers.TryAddWithoutValidation("Content-Type", contentType);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        request.Headers.Add("x-portkey-provider", "p0");
        request.Headers.Add("x-portkey-custom-host", provider.Uri("/v1").ToString());
        var answer = await world.SendAsync(request);
        Assert.Equal(413, answer.Status);
        Assert.Contains("too much", answer.Text, StringComparison.Ordinal);
    }
}
