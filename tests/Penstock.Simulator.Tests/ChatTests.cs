using System.Net;
using System.Text.Json;

namespace Penstock.Simulator.Tests;

public sealed class ChatTests : IAsyncLifetime
{
    private ProviderSimulator _provider = null!;
    private Client _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _provider = await ProviderSimulator.StartAsync(cancellationToken: Stop);
        _client = new Client(_provider);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Answers_with_what_was_said()
    {
        using var response = await _client.PostAsync(Client.Hello);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("req_sim", response.Headers.GetValues("x-request-id").Single(), StringComparison.Ordinal);
        var answer = await Client.JsonAsync(response);
        Assert.Equal("You said: hello there", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(4, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Streams_the_same_text_with_usage_at_the_end()
    {
        var events = await _client.PostForEventsAsync(
            """{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":true},"n":2,"messages":[{"role":"user","content":"hello there"}]}""");

        Assert.Equal("[DONE]", events[^1]);
        var chunks = events.SkipLast(1).Select(static data => JsonDocument.Parse(data).RootElement).ToList();
        Assert.Equal(0, chunks[^1].GetProperty("choices").GetArrayLength());
        Assert.Equal(8, chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        for (var index = 0; index < 2; index++)
        {
            var choices = chunks.SelectMany(static chunk => chunk.GetProperty("choices").EnumerateArray()).Where(choice => choice.GetProperty("index").GetInt32() == index).ToList();
            Assert.Equal("You said: hello there", string.Concat(choices.Select(static choice => choice.GetProperty("delta").TryGetProperty("content", out var text) ? text.GetString() : "")));
            Assert.Equal("stop", choices[^1].GetProperty("finish_reason").GetString());
        }
    }

    [Fact]
    public async Task Records_what_came_exactly()
    {
        using var response = await _client.PostAsync("""{ "model" : "m", "messages":[{"role":"user","content":"é"}]}""", "/chat/completions?a=%2F&b");

        var request = await _provider.NextRequestAsync(Stop);
        Assert.Equal("POST", request.Method);
        Assert.Equal("/v1/chat/completions?a=%2F&b", request.RawTarget);
        Assert.Equal("""{ "model" : "m", "messages":[{"role":"user","content":"é"}]}""", request.BodyText);
        Assert.Equal("m", request.Model);
        Assert.Equal("Bearer sk-sim", request.Headers["authorization"]);
        Assert.Same(request, Assert.Single(_provider.Requests));
    }

    [Fact]
    public async Task Takes_scripted_replies_in_order_and_then_the_default()
    {
        _provider.Enqueue(Reply.Status(429).RetryAfter("7"), Reply.Json("""{"x":1}"""));

        using var first = await _client.PostAsync(Client.Hello);
        using var second = await _client.PostAsync(Client.Hello);
        using var third = await _client.PostAsync(Client.Hello);

        Assert.Equal(HttpStatusCode.TooManyRequests, first.StatusCode);
        Assert.Equal("7", first.Headers.GetValues("Retry-After").Single());
        Assert.Equal("""{"x":1}""", await second.Content.ReadAsStringAsync(Stop));
        Assert.Equal("chat.completion", (await Client.JsonAsync(third)).GetProperty("object").GetString());
    }

    [Fact]
    public async Task Serves_one_connection_many_times()
    {
        for (var index = 0; index < 3; index++) await _client.PostForJsonAsync(Client.Hello);

        Assert.Equal(1, _provider.ConnectionCount);
        Assert.Equal([1, 2, 3], _provider.Requests.Select(static request => request.NumberOnConnection));
    }

    [Fact]
    public async Task Tells_when_the_client_left()
    {
        var gate = new TaskCompletionSource();
        _provider.Enqueue(Reply.Default.OnStream(stream => stream.HoldEventUntil(2, gate.Task)));
        using (var response = await _client.PostAsync(Client.Chat("m", stream: true)))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        var request = await _provider.NextRequestAsync(Stop);
        await request.Aborted.WaitAsync(Stop);
        Assert.True(request.BytesWritten > 0);
        Assert.False(request.Completed.IsCompleted);
    }
}
