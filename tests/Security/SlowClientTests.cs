using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Penstock.Hosting;
using Penstock.Providers;
using Penstock.Simulator;
using Penstock.Snapshot;
using Penstock.Transport;

namespace Penstock.Security.Tests;

/// <summary>Clients that read nothing, send nothing, or too slowly: they hold no provider, no memory and no shutdown.</summary>
public sealed class SlowClientTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => Patience.Token;

    private static bool IsStallClock(TimeSpan due) => due == Limit;

    private static Reply Endless(bool isStream) => isStream
        ? Reply.Sse(Enumerable.Repeat($$$"""{"choices":[{"index":0,"delta":{"content":"{{{new string('x', 60_000)}}}"},"finish_reason":null}]}""", 400))
        : Reply.Bytes(new byte[24 << 20], "application/octet-stream");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_never_reads_is_cut_off_after_30_seconds_and_its_upstream_call_with_it(bool isStream)
    {
        var time = new ManualTime();
        await using var world = await TestWorld.StartAsync(time: time, settings: new GatewaySettings { Clocks = Clocks.Unset });
        world.Provider.Always(Endless(isStream));
        await using var client = await AskWithoutReadingAsync(world, isStream);
        var received = await world.Provider.NextRequestAsync(Stop);
        await StallUntilAsync(time, received.Aborted);
        await NothingRunsAsync(world);
        await client.ClosedAsync();
    }

    [Fact]
    public async Task In_real_time_too()
    {
        await using var world = await TestWorld.StartAsync(settings: new GatewaySettings { ClientMs = 300 });
        world.Provider.Always(Endless(isStream: true));
        await using var client = await AskWithoutReadingAsync(world, isStream: true);
        await (await world.Provider.NextRequestAsync(Stop)).Aborted.WaitAsync(Stop);
        await NothingRunsAsync(world);
        await client.ClosedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_total_clock_frees_the_provider_while_the_client_does_not_read(bool isStream)
    {
        var time = new ManualTime();
        await using var world = await TestWorld.StartAsync(time: time, settings: new GatewaySettings { Clocks = Clocks.BuiltIn with { TotalMs = 20_000 } });
        world.Provider.Always(Endless(isStream));
        await using var client = await AskWithoutReadingAsync(world, isStream);
        var received = await world.Provider.NextRequestAsync(Stop);
        await time.ArmedAsync(IsStallClock).WaitAsync(Stop);
        time.Advance(TimeSpan.FromMilliseconds(20_000));
        await received.Aborted.WaitAsync(Stop);
    }

    [Fact]
    public async Task A_client_that_reads_slowly_is_not_cut_off()
    {
        var time = new ManualTime();
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 10, resumeWriterThreshold: 5, useSynchronizationContext: false));
        var connection = new DefaultConnectionContext();
        var closed = new TaskCompletionSource();
        using var closing = connection.ConnectionClosed.Register(closed.SetResult);
        using var clock = new StallClock(connection, () => 30_000, time, CancellationToken.None);
        var client = new WatchedWriter(pipe.Writer, clock);
        for (var i = 0; i < 5; i++)
        {
            var flush = client.WriteAsync(new byte[20], Stop);
            Assert.False(flush.IsCompleted);
            time.Advance(TimeSpan.FromSeconds(29));
            var read = await pipe.Reader.ReadAsync(Stop);
            pipe.Reader.AdvanceTo(read.Buffer.End);
            await flush;
        }

        time.Advance(TimeSpan.FromHours(1));
        Assert.False(closed.Task.IsCompleted);
        _ = client.WriteAsync(new byte[20], Stop).AsTask();
        time.Advance(Limit);
        await closed.Task.WaitAsync(Stop);
    }

    [Fact]
    public async Task Answers_of_our_own_have_the_same_clock()
    {
        var time = new ManualTime();
        await using var world = await TestWorld.StartAsync(time: time);
        await using var client = new RawClient(world, receiveBuffer: 4096);
        var flood = FloodAsync(client, RawClient.Head("/v1/chat/completions", "Content-Length: 2\r\n", "text/odd") + "\r\n{}");
        await StallUntilAsync(time, flood);
        await client.ClosedAsync();
        await NothingRunsAsync(world);
    }

    [Fact]
    public async Task What_is_unread_when_the_server_closes_has_the_same_clock()
    {
        var time = new ManualTime();
        using var drain = new Drain();
        var snapshots = new SnapshotSource(new GatewaySnapshot { Settings = new GatewaySettings(), Catalogue = Catalogue.BuiltIn });
        var pipe = new Pipe();
        var connection = new DefaultConnectionContext { Transport = new DuplexPipe(pipe) };
        var serving = new StalledClients(snapshots, drain, time).ServeAsync(connection, _ => Task.CompletedTask);
        await time.ArmedAsync(IsStallClock).WaitAsync(Stop);
        Assert.False(serving.IsCompleted);
        time.Advance(Limit);
        await serving.WaitAsync(Stop);
    }

    [Fact]
    public async Task A_client_that_never_reads_does_not_hold_up_the_shutdown()
    {
        var time = new ManualTime();
        await using var world = await TestWorld.StartAsync(time: time);
        world.Provider.Always(Endless(isStream: true));
        await using var client = await AskWithoutReadingAsync(world, isStream: true);
        await time.ArmedAsync(IsStallClock).WaitAsync(Stop);
        var shutdown = world.Service<Drain>().FinishAsync(TimeSpan.FromSeconds(10), time);
        time.Advance(TimeSpan.FromSeconds(10));

        // A second, or nothing at all when the systems between take the last words in.
        await Task.WhenAny(shutdown, time.ArmedAsync(due => due == TimeSpan.FromSeconds(1))).WaitAsync(Stop);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await shutdown.WaitAsync(Stop));
        Assert.Equal(0, world.Service<Drain>().Running);
    }

    [Theory]
    [InlineData("/v1/chat/completions", "application/json", 100)]
    [InlineData("/v1/files", "application/octet-stream", 100)]
    [InlineData("/v1/files", "application/octet-stream", 20_000_000)]
    [InlineData("/v1/files", "multipart/form-data; boundary=b", null)]
    public async Task A_body_that_stops_half_way_is_a_408(string path, string contentType, int? length)
    {
        var time = new ManualTime();
        await using var world = await TestWorld.StartAsync(time: time, settings: new GatewaySettings { Clocks = Clocks.BuiltIn with { ConnectMs = 0 } });
        await using var client = new RawClient(world);
        var framing = length is null ? "Transfer-Encoding: chunked\r\n" : $"Content-Length: {length}\r\n";
        await client.SendAsync(RawClient.Head(path, framing, contentType) + "\r\n" + (length is null ? "a\r\n{\"model\":1\r\n" : "{\"model\":1"));
        await time.ArmedAsync(IsStallClock).WaitAsync(Stop);
        time.Advance(Limit - TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, world.Service<Drain>().Running);
        time.Advance(TimeSpan.FromMilliseconds(1));
        var answer = await client.ReadAnswerAsync();
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("nothing came for 30000 ms (timeouts.client_ms)", answer, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"timeout_error\"", answer, StringComparison.Ordinal);
        Assert.Contains("x-portkey-trace-id", answer, StringComparison.Ordinal);
        await NothingRunsAsync(world);
    }

    [Fact]
    public async Task What_the_provider_has_for_its_answer_begins_when_an_upload_was_sent()
    {
        var time = new ManualTime();
        using var clock = new AttemptClock(time, Clocks.Unset with { HeadersMs = 10_000, FirstTokenMs = 10_000 }, CancellationToken.None, CancellationToken.None);
        var client = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        using var content = new StreamedBody(client.Reader, length: null, maxBytes: 100, idleMs: 60_000).ToContent(clock);
        var copying = content.CopyToAsync(Stream.Null, Stop);
        for (var i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromSeconds(45));
            await client.Writer.WriteAsync(new byte[1], Stop);
        }

        await client.Writer.CompleteAsync();
        await copying;
        time.Advance(TimeSpan.FromMilliseconds(9_999));
        Assert.Equal(AttemptEnd.None, clock.End);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(AttemptEnd.FirstToken, clock.End);
    }

    [Fact]
    public async Task An_upload_that_stops_ends_even_when_every_other_clock_is_off()
    {
        var time = new ManualTime();
        using var clock = new AttemptClock(time, Clocks.Unset, CancellationToken.None, CancellationToken.None);
        var client = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        using var content = new StreamedBody(client.Reader, length: null, maxBytes: 100, idleMs: 60_000).ToContent(clock);
        var copying = content.CopyToAsync(Stream.Null, clock.Token);
        await client.Writer.WriteAsync(new byte[1], Stop);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(AttemptEnd.Upload, clock.End);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copying);
    }

    [Fact]
    public void An_answer_that_comes_before_the_upload_is_over_starts_no_clock_again()
    {
        var time = new ManualTime();
        using var clock = new AttemptClock(time, Clocks.Unset with { HeadersMs = 10_000 }, CancellationToken.None, CancellationToken.None);
        clock.WaitForUpload(60_000);
        clock.HeadersArrived();
        clock.UploadCame();
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(AttemptEnd.None, clock.End);
    }

    [Fact]
    public async Task Headers_that_never_end_are_given_up()
    {
        await using var world = await TestWorld.StartAsync(server: server => server.Limits.RequestHeadersTimeout = TimeSpan.FromMilliseconds(500));
        await using var client = new RawClient(world);
        await client.SendAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nx-slow: ");
        Assert.StartsWith("HTTP/1.1 408", await client.ReadAnswerAsync(), StringComparison.Ordinal);
        await client.ClosedAsync();
    }

    private static async Task<RawClient> AskWithoutReadingAsync(TestWorld world, bool isStream)
    {
        var client = new RawClient(world, receiveBuffer: 4096);
        var path = isStream ? "/v1/chat/completions" : "/v1/anything";
        const string body = """{"model":"m","messages":[],"stream":true}""";
        await client.SendAsync(RawClient.Head(path, $"Content-Length: {body.Length}\r\n") + "\r\n" + body);
        return client;
    }

    /// <summary>
    /// Lets 30 seconds pass whenever a flush waits, until the end comes. The systems between take in more and more at
    /// first, so that the first flush that waits is not always the last.
    /// </summary>
    private static async Task StallUntilAsync(ManualTime time, Task end)
    {
        var stop = Stop;
        while (!end.IsCompleted)
        {
            await Task.WhenAny(end, time.ArmedAsync(due => due <= Limit)).WaitAsync(stop);
            time.Advance(Limit);
        }

        await end;
    }

    /// <summary>Sends until the connection breaks.</summary>
    private static async Task FloodAsync(RawClient client, string request)
    {
        var many = string.Concat(Enumerable.Repeat(request, 100));
        try
        {
            while (true) await client.SendAsync(many);
        }
        catch (IOException)
        {
            // What we wait for.
        }
    }

    private static async Task NothingRunsAsync(TestWorld world)
    {
        var stop = Stop;
        while (world.Service<Drain>().Running > 0)
        {
            stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class DuplexPipe(Pipe pipe) : IDuplexPipe
    {
        public PipeReader Input => pipe.Reader;

        public PipeWriter Output => pipe.Writer;
    }
}
