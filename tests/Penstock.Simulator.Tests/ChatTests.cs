using System.Net;
using System.Text.Json;

namespace Penstock.Simulator.Tests;

public sealed class ChatTests : SimulatorTest
{
    [Fact]
    public async Task Answers_with_what_was_said()
    {
        using var response = await Http.PostAsync(Client.Hello);

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
        var events = await Http.PostForEventsAsync(
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
        using var response = await Http.PostAsync("""{ "model" : "m", "messages":[{"role":"user","content":"é"}]}""", "/chat/completions?a=%2F&b");

        var request = await Provider.NextRequestAsync(Stop);
        Assert.Equal("POST", request.Method);
        Assert.Equal("/v1/chat/completions?a=%2F&b", request.RawTarget);
        Assert.Equal("""{ "model" : "m", "messages":[{"role":"user","content":"é"}]}""", request.BodyText);
        Assert.Equal("m", request.Model);
        Assert.Equal("Bearer sk-sim", request.Headers["authorization"]);
        Assert.Same(request, Assert.Single(Provider.Requests));
    }

    [Fact]
    public async Task Takes_scripted_replies_in_order_and_then_the_default()
    {
        Provider.Enqueue(Reply.Status(429).RetryAfter("7"), Reply.Json("""{"x":1}"""));

        using var first = await Http.PostAsync(Client.Hello);
        using var second = await Http.PostAsync(Client.Hello);
        using var third = await Http.PostAsync(Client.Hello);

        Assert.Equal(HttpStatusCode.TooManyRequests, first.StatusCode);
        Assert.Equal("7", first.Headers.GetValues("Retry-After").Single());
        Assert.Equal("""{"x":1}""", await second.Content.ReadAsStringAsync(Stop));
        Assert.Equal("chat.completion", (await Client.JsonAsync(third)).GetProperty("object").GetString());
    }

    [Fact]
    public async Task Serves_one_connection_many_times()
    {
        for (var index = 0; index < 3; index++) await Http.PostForJsonAsync(Client.Hello);

        Assert.Equal(1, Provider.ConnectionCount);
        Assert.Equal([1, 2, 3], Provider.Requests.Select(static request => request.NumberOnConnection));
    }

    [Fact]
    public async Task Tells_when_the_client_left()
    {
        var gate = new TaskCompletionSource();
        Provider.Enqueue(Reply.Default.OnStream(stream => stream.HoldEventUntil(2, gate.Task)));
        using (var response = await Http.PostAsync(Client.Chat("m", stream: true)))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        var request = await Provider.NextRequestAsync(Stop);
        await request.Aborted.WaitAsync(Stop);
        Assert.True(request.BytesWritten > 0);
        Assert.False(request.Completed.IsCompleted);
    }

    [Fact]
    public async Task Calls_a_tool_and_quotes_its_result()
    {
        const string tools = """[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}}}}}]""";
        var first = await Http.PostForJsonAsync($$"""{"model":"m","tools":{{tools}},"messages":[{"role":"user","content":"use the tool"}]}""");
        var choice = first.GetProperty("choices")[0];
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("message").GetProperty("content").ValueKind);
        var call = choice.GetProperty("message").GetProperty("tool_calls")[0];
        Assert.Equal("""{"city":"value","days":7}""", call.GetProperty("function").GetProperty("arguments").GetString());

        var second = await Http.PostForJsonAsync(
            $$"""{"model":"m","tools":{{tools}},"messages":[{"role":"user","content":"use the tool"},{"role":"assistant","content":null,"tool_calls":[{{call.GetRawText()}}]},{"role":"tool","tool_call_id":"{{call.GetProperty("id").GetString()}}","content":"sunny"}]}""");

        Assert.Equal("The tool said: sunny", second.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Fact]
    public async Task Streams_the_arguments_of_a_tool_in_fragments()
    {
        var events = await Http.PostForEventsAsync(
            """{"model":"m","stream":true,"tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}],"messages":[{"role":"user","content":"use the tool"}]}""");

        var fragments = events.SkipLast(1).Select(static data => JsonDocument.Parse(data).RootElement.GetProperty("choices")[0].GetProperty("delta"))
            .Where(static delta => delta.TryGetProperty("tool_calls", out _)).Select(static delta => delta.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString()).ToList();
        Assert.True(fragments.Count > 3);
        Assert.Equal("""{"city":"value"}""", string.Concat(fragments));
    }

    [Fact]
    public async Task Fulfils_a_schema()
    {
        var answer = await Http.PostForJsonAsync(
            """{"model":"m","messages":[{"role":"user","content":"hi"}],"response_format":{"type":"json_schema","json_schema":{"name":"x","strict":true,"schema":{"type":"object","$defs":{"p":{"type":"object","properties":{"on":{"type":"boolean"}}}},"properties":{"kind":{"enum":["b","a"]},"many":{"type":"array","items":{"$ref":"#/$defs/p"}},"maybe":{"type":["string","null"]}}}}}}""");

        Assert.Equal(
            """{"kind":"b","many":[{"on":true}],"maybe":"You said: hi"}""",
            answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Fact]
    public async Task Reasons_first_if_the_model_is_one_that_does()
    {
        var events = await Http.PostForEventsAsync(Client.Chat("reason-1", stream: true));

        Assert.Contains("\"reasoning_content\":\"Let me \"", events[1], StringComparison.Ordinal);
        Assert.Contains("\"content\":\"You\"", events[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_with_length_at_the_limit()
    {
        var answer = await Http.PostForJsonAsync("""{"model":"m","max_completion_tokens":2,"messages":[{"role":"user","content":"hi"}]}""");

        Assert.Equal("You said:", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("length", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Theory]
    [InlineData("large-1000000", 1_000_000)]
    [InlineData("chunks-200", 1000)]
    public async Task Answers_as_long_as_the_model_says(string model, int length)
    {
        var answer = await Http.PostForJsonAsync(Client.Chat(model));

        Assert.Equal(length, answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!.Length);
    }

    [Fact]
    public async Task Bears_a_lone_surrogate()
    {
        var answer = await Http.PostForJsonAsync("""{"model":"m","messages":[{"role":"user","content":"\ud800"}]}""");

        Assert.Equal("You said: \\ud800", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Fact]
    public async Task Serves_200_clients_at_once()
    {
        var all = Enumerable.Range(0, 200).Select(async index =>
        {
            var json = $$"""{"model":"m","stream":true,"messages":[{"role":"user","content":"n{{index}}"}]}""";
            return (index, Events: await Http.PostForEventsAsync(json));
        });

        foreach (var (index, events) in await Task.WhenAll(all))
        {
            Assert.Contains($" n{index}\"", events[3], StringComparison.Ordinal);
            Assert.Equal("[DONE]", events[^1]);
        }

        Assert.Equal(200, Provider.Requests.Count);
    }

    [Fact]
    public async Task Leaves_requests_unrecorded_if_told_to()
    {
        await using var provider = await ProviderSimulator.StartAsync(new SimulatorOptions { RecordRequests = false }, Stop);
        using var client = new Client(provider);

        await client.PostForJsonAsync(Client.Hello);

        Assert.Empty(provider.Requests);
        Assert.Equal(1, provider.RequestCount);
    }
}
