using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Penstock.Hosting;
using Penstock.Simulator;

namespace Penstock.Security.Tests;

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>
/// A thousand requests at once whose every byte says whose it is: bodies of all sizes, documents, streams and uploads, with
/// changes, repeats, other targets, broken providers, and clients that leave in any moment. Neither a client nor a provider
/// sees a byte of another's, and no buffer is used after it was given back, or lost.
/// </summary>
[Collection(Alone.Name)]
public sealed partial class IsolationTests
{
    private const int Requests = 1_000;
    private const int AtOnce = 250;

    private readonly ConcurrentQueue<string> _foreign = new();
    private int _received;
    private int _answered;
    private int _left;

    private enum Kind
    {
        Document,
        Stream,
        ResponsesStream,
        Proxy,
        HeldForm,
        StreamedUpload,
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Nobody_sees_anothers_bytes_neither_at_the_client_nor_at_the_provider(int seed)
    {
        var faultsBefore = PoisonPool.Faults.Count;
        var outBefore = PoisonPool.Out;
        await using (var world = await TestWorld.StartAsync(providers: 3, settings: new() { Limits = new() { ReplayBytes = 64 << 10 } }))
        {
            for (var i = 0; i < 3; i++)
            {
                var isReliable = i > 0;
                world.Providers[i].Always(Reply.From(request => Answer(request, isReliable)));
            }

            await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Patience.Token }, async (i, stop) =>
            {
                var random = new Random((seed * 100_000) + i);
                using var leaving = CancellationTokenSource.CreateLinkedTokenSource(stop);
                if (random.Next(4) == 0) leaving.CancelAfter(random.Next(1, 60));
                try
                {
                    await SendAsync(world, random, (seed * 100_000) + i, leaving.Token);
                    Interlocked.Increment(ref _answered);
                }
                catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException && !stop.IsCancellationRequested)
                {
                    // This one left, or its answer was cut in a way that passes.
                    Interlocked.Increment(ref _left);
                }
            });

            Assert.Equal(0, await world.Service<Drain>().FinishAsync(TimeSpan.FromSeconds(30), TimeProvider.System));
        }

        Assert.Empty(_foreign);
        Assert.Equal(faultsBefore, PoisonPool.Faults.Count);
        Assert.InRange(_answered, Requests / 2, Requests);
        Assert.InRange(_received, Requests / 2, Requests * 6);

        // What a call that was abandoned still holds comes back as soon as its connection is gone.
        var patience = Patience.Token;
        while (PoisonPool.Out > outBefore)
        {
            patience.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task SendAsync(TestWorld world, Random random, int id, CancellationToken leaving)
    {
        var kind = (Kind)random.Next(6);
        var size = random.Next(4) switch { 0 => random.Next(100_000, 400_000), 1 => random.Next(20_000, 70_000), _ => random.Next(0, 3_000) };
        var fault = random.Next(14);
        var text = Filled(id, size);
        var config = random.Next(4) switch
        {
            0 => Configs.Fallback(providers: 2, root: """ "override_params":{"temperature":0.5,"user":"changed"},"drop_params":["messages[0].name","extra"], """),
            1 => """{"strategy":{"mode":"fallback"},"targets":[{"provider":"p0","retry":{"attempts":1,"on_status_codes":[429]},"override_params":{"seed":7}},{"provider":"p1"}]}""",
            2 => """{"strategy":{"mode":"loadbalance"},"targets":[{"provider":"p1"},{"provider":"p2","default_params":{"user":"d"}}]}""",
            _ => Configs.Fallback(providers: 3),
        };
        if (kind == Kind.StreamedUpload) config = """{"provider":"p1"}"""; // gets one attempt
        using var request = new HttpRequestMessage(HttpMethod.Post, PathOf(kind)) { Content = Content(kind, id, fault, text) };
        request.Headers.TryAddWithoutValidation("x-portkey-config", config);
        request.Headers.TryAddWithoutValidation("x-portkey-trace-id", $"<c{id}>");
        if (kind == Kind.StreamedUpload && random.Next(2) == 0) request.Headers.TransferEncodingChunked = true;
        using var response = await world.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving);
        var answer = random.Next(6) == 0 && leaving.CanBeCanceled ? await ReadPartAsync(response, random, leaving) : await response.Content.ReadAsStringAsync(leaving);
        var hasOneAttempt = kind is Kind.HeldForm && size > 60_000;
        if ((int)response.StatusCode != 200 && !hasOneAttempt) _foreign.Enqueue($"{id} ({kind}, fault {fault}): {(int)response.StatusCode} {Start(answer)}");
        Check($"client {id} ({kind}, fault {fault})", id, answer);
        Check($"headers of {id}", id, response.Headers.ToString());
    }

    /// <summary>Reads a little and hangs up.</summary>
    private static async Task<string> ReadPartAsync(HttpResponseMessage response, Random random, CancellationToken leaving)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(leaving);
        var buffer = new byte[random.Next(1, 20_000)];
        var count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, leaving);
        return Encoding.Latin1.GetString(buffer, 0, count);
    }

    private static string PathOf(Kind kind) => kind switch
    {
        Kind.ResponsesStream => "/v1/responses",
        Kind.Proxy => "/v1/proxy/echo",
        Kind.HeldForm => "/v1/audio/translations",
        Kind.StreamedUpload => "/v1/files",
        _ => "/v1/chat/completions",
    };

    private static ByteArrayContent Content(Kind kind, int id, int fault, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(kind switch
        {
            Kind.HeldForm or Kind.StreamedUpload => $"--b\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n<c{id}>fault-{fault}|{text}<c{id}>\r\n--b--\r\n",
            _ => $$"""{"model":"fault-{{fault}}","extra":"<c{{id}}>","messages":[{"role":"user","name":"<c{{id}}>","content":"{{text}}"}],"stream":{{(kind is Kind.Stream or Kind.ResponsesStream ? "true" : "false")}},"end":"<c{{id}}>"}""",
        });
        var content = new ByteArrayContent(bytes);
        content.Headers.TryAddWithoutValidation("Content-Type", kind is Kind.HeldForm or Kind.StreamedUpload ? "multipart/form-data; boundary=b" : "application/json");
        return content;
    }

    /// <summary>Text of about that size, in which the mark and the letter of a request are all there is.</summary>
    private static string Filled(int id, int size)
    {
        var mark = $"<c{id}>";
        var text = new StringBuilder(size + 100);
        while (text.Length < size) text.Append(mark).Append((char)('a' + (id % 26)), 60);
        return text.ToString();
    }

    private Reply Answer(ReceivedRequest request, bool isReliable)
    {
        Interlocked.Increment(ref _received);
        var body = Encoding.Latin1.GetString(request.Body.Span);
        var mark = Mark().Match(body);
        if (!mark.Success)
        {
            _foreign.Enqueue($"A provider got no mark: {Start(body)}");
            return Reply.Status(500);
        }

        var id = int.Parse(mark.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        Check($"provider, {request.RawTarget} of {id}", id, body);
        if (!body.EndsWith('}') && !body.EndsWith("--b--\r\n", StringComparison.Ordinal)) _foreign.Enqueue($"{id} was cut at the provider: …{body[^Math.Min(80, body.Length)..]}");
        var fault = isReliable ? 0 : int.Parse(Fault().Match(body).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        var text = Filled(id, id % 5 == 0 ? 150_000 : id % 5_000);
        if (!body.Contains("\"stream\":true", StringComparison.Ordinal)) return Document(fault, id, text);
        var stream = Reply.Sse(Chunk(""), Chunk($"<c{id}>"), Chunk(text), Chunk($"<c{id}>"), """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        return fault switch
        {
            1 => Reply.Status(500, $$$"""{"error":{"message":"<c{{{id}}}>{{{text}}}"}}"""),
            2 => stream.ResetAfterEvents(0),
            3 => stream.CloseAfterEvents(1),
            4 => Reply.Json($$"""{"choices":[],"x":"{{text}}"}"""),
            5 => Reply.Reset(),
            6 => stream.Encoded("gzip"),
            7 => stream.WrittenInBlocks(100),
            8 => Reply.CloseIdleConnectionOnReuse(),
            9 => Reply.Status(429).BeforeBodyIsRead(),
            10 => Reply.Sse($$$"""{"error":{"message":"<c{{{id}}}>"}}"""),
            _ => stream,
        };
    }

    private static Reply Document(int fault, int id, string text)
    {
        var whole = Reply.Json(Encoding.Latin1.GetBytes($$"""{"choices":[{"index":0,"message":{"role":"assistant","content":"{{text}}"},"finish_reason":"stop"}],"end":"<c{{id}}>"}"""));
        return fault switch
        {
            1 => Reply.Status(429, $$$"""{"error":{"message":"<c{{{id}}}>{{{text}}}"}}"""),
            2 => Reply.Reset(),
            3 => whole.CloseAfterBytes(40),
            4 => Reply.Html(500),
            5 => Reply.Status(503).BeforeBodyIsRead(),
            6 => whole.Encoded("br"),
            7 => Reply.Garbage(),
            8 => whole.ClosingConnection(),
            9 => Reply.CloseIdleConnectionOnReuse(),
            10 => Reply.Json($$$"""{"error":{"message":"<c{{{id}}}>{{{text}}}"}}""", 500),
            _ => whole,
        };
    }

    private static string Chunk(string text) => $$"""{"choices":[{"index":0,"delta":{"content":"{{text}}"},"finish_reason":null}]}""";

    /// <summary>Nobody else's mark, no letter of another's filling, and nothing that was given back.</summary>
    private void Check(string where, int id, string text)
    {
        foreach (Match mark in Mark().Matches(text))
        {
            if (!mark.Groups[1].ValueSpan.SequenceEqual(id.ToString(CultureInfo.InvariantCulture))) _foreign.Enqueue($"{where}: {mark.Value}");
        }

        for (var letter = 'a'; letter <= 'z'; letter++)
        {
            if (letter != 'a' + (id % 26) && text.Contains(new string(letter, 16), StringComparison.Ordinal)) _foreign.Enqueue($"{where}: the filling of another, {letter}");
        }

        if (text.Contains((char)PoisonPool.Pattern, StringComparison.Ordinal)) _foreign.Enqueue($"{where}: bytes of a buffer that was given back");
    }

    private static string Start(string text) => text.Length > 200 ? text[..200] : text;

    [GeneratedRegex("<c([0-9]+)>", RegexOptions.None, 10_000)]
    private static partial Regex Mark();

    [GeneratedRegex("fault-([0-9]+)", RegexOptions.None, 10_000)]
    private static partial Regex Fault();
}
