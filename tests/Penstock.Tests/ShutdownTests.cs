using System.Net;
using System.Text;
using Penstock.Simulator;

namespace Penstock.Tests;

/// <summary>How the executable ends.</summary>
public sealed class ShutdownTests
{
    private const string Text = """{"choices":[{"index":0,"delta":{"content":"word"},"finish_reason":null}]}""";
    private const string Finish = """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Without_requests_it_ends_at_once_and_well(string signal)
    {
        Assert.SkipWhen(signal == "INT" && IgnoresInterrupts(), "A background job of a shell is started with SIGINT ignored, and so are its children.");
        using var folder = new Scratch();
        await using var penstock = await PenstockProcess.ServeAsync(folder);
        await penstock.GetAsync("/healthz"); // leaves an idle connection behind
        await penstock.SignalAsync(signal);
        Assert.Equal(0, await penstock.ExitAsync());
    }

    [Fact]
    public async Task A_stream_that_ends_within_the_grace_period_is_complete()
    {
        var rest = new TaskCompletionSource();
        await using var provider = await StartProviderAsync(rest.Task);
        using var folder = new Scratch();
        await using var penstock = await ServeAsync(folder, provider, graceMs: 30_000);
        using var response = await OpenStreamAsync(penstock);
        var reading = response.Content.ReadAsStringAsync(Patience.Token);
        await penstock.SignalAsync("TERM");

        // A balancer looks at readiness on a connection of its own, and must find it off while the stream runs on.
        await PenstockProcess.UntilAsync(async () => await penstock.GetAsync("/readyz") == """503 {"status":"draining"}""");
        Assert.Equal("""200 {"status":"ok"}""", await penstock.GetAsync("/healthz"));
        Assert.False(reading.IsCompleted);

        rest.SetResult();
        var stream = await reading;
        Assert.Contains(Finish, stream, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", stream, StringComparison.Ordinal);
        Assert.Equal(0, await penstock.ExitAsync());
    }

    [Fact]
    public async Task A_request_during_the_grace_period_is_served_and_closes_its_connection()
    {
        var rest = new TaskCompletionSource();
        await using var provider = await StartProviderAsync(rest.Task);
        using var folder = new Scratch();
        await using var penstock = await ServeAsync(folder, provider, graceMs: 30_000);
        using var running = await OpenStreamAsync(penstock);
        await penstock.SignalAsync("TERM");
        await PenstockProcess.UntilAsync(async () => (await penstock.GetAsync("/readyz")).StartsWith("503", StringComparison.Ordinal));

        provider.Always(null);
        using var response = await penstock.Client.SendAsync(Chat(stream: false), Patience.Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.ConnectionClose);
        rest.SetResult();
        Assert.Equal(0, await penstock.ExitAsync());
    }

    [Fact]
    public async Task A_stream_beyond_the_grace_period_ends_in_an_error_event()
    {
        await using var provider = await StartProviderAsync(new TaskCompletionSource().Task);
        using var folder = new Scratch();
        await using var penstock = await ServeAsync(folder, provider, graceMs: 300);
        using var response = await OpenStreamAsync(penstock);
        await penstock.SignalAsync("TERM");
        var stream = await response.Content.ReadAsStringAsync(Patience.Token); // throws if the connection breaks
        Assert.Contains("word", stream, StringComparison.Ordinal);
        Assert.Contains("shutting down", stream, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", stream, StringComparison.Ordinal);
        Assert.Equal(0, await penstock.ExitAsync());
    }

    [Fact]
    public async Task A_request_without_an_answer_yet_gets_one_when_the_grace_period_is_over()
    {
        await using var provider = await ProviderSimulator.StartAsync(cancellationToken: Patience.Token);
        provider.Always(Reply.StallBeforeHeaders());
        using var folder = new Scratch();
        await using var penstock = await ServeAsync(folder, provider, graceMs: 300);
        var sending = penstock.Client.SendAsync(Chat(stream: false), Patience.Token);
        await provider.NextRequestAsync(Patience.Token);
        await penstock.SignalAsync("TERM");
        using var response = await sending;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(0, await penstock.ExitAsync());
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once()
    {
        await using var provider = await StartProviderAsync(new TaskCompletionSource().Task);
        using var folder = new Scratch();
        await using var penstock = await ServeAsync(folder, provider, graceMs: 3_600_000);
        using var response = await OpenStreamAsync(penstock);
        await penstock.SignalAsync("TERM");
        await PenstockProcess.UntilAsync(async () => (await penstock.GetAsync("/readyz")).StartsWith("503", StringComparison.Ordinal));
        await penstock.SignalAsync("TERM");
        Assert.Equal(143, await penstock.ExitAsync());
    }

    private static async Task<ProviderSimulator> StartProviderAsync(Task rest)
    {
        var provider = await ProviderSimulator.StartAsync(cancellationToken: Patience.Token);
        return provider.Always(Reply.Sse(Text, Finish).HoldEventUntil(1, rest));
    }

    private static Task<PenstockProcess> ServeAsync(Scratch folder, ProviderSimulator provider, int graceMs)
    {
        folder.Write("penstock.json", $$"""{ "providers": { "sim": { "base_url": "{{provider.BaseUrl}}" } }, "shutdown_grace_ms": {{graceMs}} }""");
        return PenstockProcess.ServeAsync(folder);
    }

    /// <summary>Returns when the first event is on its way and the provider holds the next.</summary>
    private static async Task<HttpResponseMessage> OpenStreamAsync(PenstockProcess penstock)
    {
        var response = await penstock.Client.SendAsync(Chat(stream: true), HttpCompletionOption.ResponseHeadersRead, Patience.Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response;
    }

    private static HttpRequestMessage Chat(bool stream)
    {
        var body = $$"""{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hello"}]{{(stream ? ",\"stream\":true" : "")}}}""";
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("x-portkey-provider", "sim");
        request.Headers.Add("Authorization", "Bearer sk-sim");
        return request;
    }

    /// <remarks>Source: proc(5), <c>SigIgn</c>: a mask of signals, in hexadecimal, the first one in the lowest bit.</remarks>
    private static bool IgnoresInterrupts()
    {
        const long interrupt = 1 << 1;
        var mask = File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..];
        return (Convert.ToInt64(mask.Trim(), 16) & interrupt) != 0;
    }
}
