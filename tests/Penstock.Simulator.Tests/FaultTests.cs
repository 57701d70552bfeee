using System.IO.Compression;
using System.Net;
using System.Text;
using Penstock.Tests;

namespace Penstock.Simulator.Tests;

public sealed class FaultTests : SimulatorTest
{
    private readonly ManualTime _time = new();

    protected override SimulatorOptions Options => new() { Time = _time };

    [Theory]
    [InlineData("fail-429", 429, null, null)]
    [InlineData("fail-500", 500, null, null)]
    [InlineData("fail-429-retry-2", 429, "2", null)]
    [InlineData("fail-503-retry-ms-20", 503, null, "20")]
    public async Task Fails_with_the_status_that_the_model_names(string model, int status, string? after, string? afterMs)
    {
        using var response = await Http.PostAsync(Client.Chat(model));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(after, Header(response, "Retry-After"));
        Assert.Equal(afterMs, Header(response, "retry-after-ms"));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Fails_so_many_times_and_then_serves()
    {
        var statuses = new List<int>();
        for (var index = 0; index < 3; index++)
        {
            using var response = await Http.PostAsync(Client.Chat("fail-500-times-2"));
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([500, 500, 200], statuses);
    }

    [Theory]
    [InlineData("reset", true)]
    [InlineData("close", false)]
    public async Task Ends_the_connection_without_a_byte(string model, bool isReset)
    {
        using var client = await SendAsync(model);

        Assert.Equal("", await client.ReadToEndAsync());
        Assert.Equal(isReset, client.WasReset);
    }

    [Theory]
    [InlineData("cut-after-3", false)]
    [InlineData("reset-after-3", true)]
    public async Task Ends_a_stream_in_the_middle(string model, bool isReset)
    {
        using var client = await SendAsync(model, stream: true);

        var answer = await client.ReadToEndAsync();
        Assert.Equal(3, Count(answer, "data: "));
        Assert.DoesNotContain("\r\n0\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(isReset, client.WasReset);
    }

    [Fact]
    public async Task Breaks_the_promise_of_content_length()
    {
        Provider.Enqueue(Reply.Json("""{"a":"0123456789"}""").CloseAfterBytes(5));
        using var client = await SendAsync("m");

        var answer = await client.ReadToEndAsync();
        Assert.Contains("content-length: 18\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n{\"a\":", answer, StringComparison.Ordinal);
        Assert.False(client.WasReset);
    }

    [Fact]
    public async Task Resets_after_so_many_bytes()
    {
        Provider.Enqueue(Reply.Json("""{"a":"0123456789"}""").ResetAfterBytes(5));
        using var client = await SendAsync("m");

        await client.ReadToEndAsync();
        Assert.True(client.WasReset);
    }

    [Fact]
    public async Task Stalls_in_a_stream_until_the_client_leaves()
    {
        using (var client = await SendAsync("stall-after-3", stream: true)) await client.ReadUntilAsync(" said:");

        var request = await Provider.NextRequestAsync(Stop);
        await request.Aborted.WaitAsync(Stop);
    }

    [Fact]
    public async Task Stalls_before_the_headers_until_released()
    {
        var gate = new TaskCompletionSource();
        Provider.Enqueue(Reply.StallBeforeHeaders(gate.Task));
        var answering = Http.PostAsync(Client.Hello);
        var request = await Provider.NextRequestAsync(Stop);
        Assert.Equal(0, request.BytesWritten);
        Assert.False(answering.IsCompleted);

        gate.SetResult();

        using var response = await answering;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await request.Completed.WaitAsync(Stop);
    }

    [Fact]
    public async Task Stalls_before_the_headers_until_the_client_leaves()
    {
        using (await SendAsync("stall"))
        {
            Assert.Equal("stall", (await Provider.NextRequestAsync(Stop)).Model);
        }

        await Provider.Requests[0].Aborted.WaitAsync(Stop);
        Assert.Equal(0, Provider.Requests[0].BytesWritten);
    }

    [Fact]
    public async Task Stalls_after_the_headers_until_released()
    {
        var gate = new TaskCompletionSource();
        Provider.Enqueue(Reply.StallAfterHeaders(gate.Task));
        using var response = await Http.PostAsync(Client.Chat("m", stream: true));
        var reading = response.Content.ReadAsStringAsync(Stop);
        Assert.False(reading.IsCompleted);

        gate.SetResult();

        Assert.EndsWith("data: [DONE]\n\n", await reading, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("slow-500ms")]
    [InlineData("slow-first-500ms")]
    public async Task Waits_by_its_own_clock(string model)
    {
        var answering = Http.PostForEventsAsync(Client.Chat(model, stream: true));
        await _time.ArmedAsync(static _ => true);
        Assert.Equal(TimeSpan.FromMilliseconds(500), _time.NextTimer);
        Assert.False(answering.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(500));

        Assert.Equal("[DONE]", (await answering)[^1]);
    }

    [Fact]
    public async Task Paces_a_stream_by_its_own_clock()
    {
        Provider.Enqueue(Reply.Sse("1", "2").Every(TimeSpan.FromSeconds(1)));
        using var client = await SendAsync("m");
        Assert.DoesNotContain("data: 2", await client.ReadUntilAsync("data: 1\n\n"), StringComparison.Ordinal);

        await _time.ArmedAsync(static _ => true);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain("[DONE]", await client.ReadUntilAsync("data: 2\n\n"), StringComparison.Ordinal);

        await _time.ArmedAsync(static _ => true);
        _time.Advance(TimeSpan.FromSeconds(1));
        await client.ReadUntilAsync("[DONE]");
    }

    [Fact]
    public async Task Closes_a_reused_connection_without_a_byte()
    {
        using var client = await SendAsync("m");
        await client.ReadUntilAsync("You said");
        Provider.Always(Reply.CloseIdleConnectionOnReuse());

        await client.SendAsync(RawClient.Request(Provider.Port, Client.Hello));
        Assert.DoesNotContain("HTTP/1.1", await client.ReadToEndAsync(), StringComparison.Ordinal);

        Assert.Equal("chat.completion", (await Http.PostForJsonAsync(Client.Hello)).GetProperty("object").GetString());
    }

    [Fact]
    public async Task Answers_before_the_body_is_there()
    {
        Provider.Enqueue(Reply.Status(413).BeforeBodyIsRead());
        using var client = await RawClient.ConnectAsync(Provider.Port);

        await client.SendAsync($"POST /v1/files HTTP/1.1\r\nHost: 127.0.0.1:{Provider.Port}\r\nContent-Length: 5\r\n\r\n12");
        Assert.StartsWith("HTTP/1.1 413 ", await client.ReadUntilAsync("}}"), StringComparison.Ordinal);

        await client.SendAsync("345" + RawClient.Request(Provider.Port, Client.Hello));
        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadUntilAsync("You said"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reads_a_body_no_faster_than_it_is_let()
    {
        var gate = new TaskCompletionSource();
        var reads = 0;
        Provider.Enqueue(Reply.Default.ReadingBodySlowly(() => ++reads == 1 ? gate.Task : Task.CompletedTask));
        var answering = Http.PostAsync(Client.Hello);
        var arrival = Provider.NextRequestAsync(Stop);
        Assert.False(arrival.IsCompleted);

        gate.SetResult();

        using var response = await answering;
        Assert.Equal(Client.Hello, (await arrival).BodyText);
    }

    [Fact]
    public async Task Keeps_what_came_of_a_body_whose_client_left()
    {
        using (var client = await RawClient.ConnectAsync(Provider.Port))
        {
            await client.SendAsync($"POST /v1/files HTTP/1.1\r\nHost: 127.0.0.1:{Provider.Port}\r\nContent-Length: 5\r\n\r\n12");
        }

        var request = await Provider.NextRequestAsync(Stop);
        Assert.Equal("12", request.BodyText);
        await request.Aborted.WaitAsync(Stop);
    }

    [Fact]
    public async Task Is_gone_once_it_is_stopped()
    {
        using var client = await SendAsync("stall");
        await Provider.NextRequestAsync(Stop);

        await Provider.DisposeAsync();

        await client.ReadToEndAsync();
        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => RawClient.ConnectAsync(Provider.Port));
        Assert.False(Provider.Requests[0].Aborted.IsCompleted);
    }

    [Fact]
    public async Task Speaks_something_else_than_http()
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => Http.PostAsync(Client.Chat("garbage")));
        await Assert.ThrowsAsync<HttpRequestException>(() => Http.PostAsync(Client.Chat("huge-header")));
    }

    [Fact]
    public async Task Sends_an_informational_answer_first()
    {
        using var client = await SendAsync("early-hints");

        Assert.StartsWith("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n", await client.ReadUntilAsync("You said"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("html-502", 502, "text/html")]
    [InlineData("text-500", 500, "text/plain")]
    [InlineData("empty-200", 200, null)]
    [InlineData("wrong-type", 200, "text/plain")]
    [InlineData("malformed-json", 200, "application/json")]
    public async Task Answers_what_no_api_should(string model, int status, string? type)
    {
        using var response = await Http.PostAsync(Client.Chat(model));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("gzip", false)]
    [InlineData("deflate", false)]
    [InlineData("br", false)]
    [InlineData("gzip", true)]
    public async Task Codes_its_answer_unasked(string coding, bool isStream)
    {
        using var response = await Http.PostAsync(Client.Chat(coding, isStream));

        Assert.Equal([coding], response.Content.Headers.ContentEncoding);
        await using var coded = await response.Content.ReadAsStreamAsync(Stop);
        await using Stream plain = coding switch
        {
            "gzip" => new GZipStream(coded, CompressionMode.Decompress),
            "deflate" => new ZLibStream(coded, CompressionMode.Decompress),
            _ => new BrotliStream(coded, CompressionMode.Decompress),
        };
        using var reader = new StreamReader(plain);
        Assert.Contains("said:", await reader.ReadToEndAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Breaks_a_coded_answer_off_within_whole_framing()
    {
        using var response = await Http.PostAsync(Client.Chat("gzip-truncated"));
        var coded = await response.Content.ReadAsByteArrayAsync(Stop);

        Assert.Equal(response.Content.Headers.ContentLength, coded.Length);
        await using var plain = new GZipStream(new MemoryStream(coded), CompressionMode.Decompress);
        var read = new MemoryStream();
        try
        {
            await plain.CopyToAsync(read, Stop);
        }
        catch (InvalidDataException)
        {
            // Some versions notice, some end early: either way the answer is not whole.
        }

        Assert.DoesNotContain("system_fingerprint", Encoding.UTF8.GetString(read.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lets_options_follow_a_reply_that_is_chosen_late()
    {
        Provider.Always(Reply.From(static request => Reply.Text(request.Method)).WithStatus(418).WithHeader("x-late", "1"));

        using var response = await Http.SendAsync(HttpMethod.Patch, "/anything");

        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal("1", Header(response, "x-late"));
        Assert.Equal("PATCH", await response.Content.ReadAsStringAsync(Stop));
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private static int Count(string text, string what) => text.Split(what).Length - 1;

    private async Task<RawClient> SendAsync(string model, bool stream = false)
    {
        var client = await RawClient.ConnectAsync(Provider.Port);
        await client.SendAsync(RawClient.Request(Provider.Port, Client.Chat(model, stream)));
        return client;
    }
}
