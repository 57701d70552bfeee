using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Penstock.Hosting;
using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>Everything at once: many requests, broken providers, clients that leave. Nobody may see what is another's.</summary>
public sealed partial class ChaosTests
{
    private const int Requests = 1_500;
    private const int AtOnce = 300;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Nobody_sees_anothers_bytes_and_nothing_is_left_behind(int seed)
    {
        var unobserved = new ConcurrentQueue<string>();
        void Note(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            // Other tests run at the same time.
            if (e.Exception.ToString() is var text && text.Contains(" Penstock.", StringComparison.Ordinal)) unobserved.Enqueue(text);
        }

        TaskScheduler.UnobservedTaskException += Note;
        await using (var world = await TestWorld.StartAsync(providers: 2))
        {
            foreach (var provider in world.Providers) provider.Always(Reply.From(request => Answer(request, isReliable: provider == world.Providers[1])));
            var answered = 0;
            await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Patience.Token }, async (i, stop) =>
            {
                var random = new Random((seed * 100_000) + i);
                var mark = $"<c{seed * 100_000 + i}>";
                using var leaving = CancellationTokenSource.CreateLinkedTokenSource(stop);
                if (random.Next(4) == 0) leaving.CancelAfter(random.Next(1, 40));
                try
                {
                    var seen = await SendAsync(world, random, mark, leaving.Token);
                    Assert.All(seen, other => Assert.Equal(mark, other));
                    Assert.NotEmpty(seen);
                    Interlocked.Increment(ref answered);
                }
                catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException && leaving.IsCancellationRequested && !stop.IsCancellationRequested)
                {
                    // This one left.
                }
            });

            Assert.InRange(answered, Requests / 2, Requests);
            Assert.Equal(0, await world.Service<Drain>().FinishAsync(TimeSpan.FromSeconds(30), TimeProvider.System));
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        TaskScheduler.UnobservedTaskException -= Note;
        Assert.Empty(unobserved);
    }

    /// <summary>Sends one request that holds the mark, and gives back all the marks of its answer.</summary>
    private static async Task<List<string>> SendAsync(TestWorld world, Random random, string mark, CancellationToken leaving)
    {
        var isStream = random.Next(2) == 0;
        var filler = new string((char)('a' + random.Next(26)), random.Next(random.Next(3) == 0 ? 200_000 : 2_000));
        var config = Configs.Fallback(root: random.Next(2) == 0 ? "\"override_params\":{\"temperature\":0.5}," : "");
        using var request = world.Chat(config, isStream, $"fault-{random.Next(12)}", mark + filler + mark);
        using var response = await world.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving);
        var text = await response.Content.ReadAsStringAsync(leaving);
        Assert.Equal(200, (int)response.StatusCode);
        return [.. Mark().Matches(text).Select(match => match.Value)];
    }

    /// <summary>What a provider makes of it: an echo of the marks, in the way that the model's name asks for.</summary>
    private static Reply Answer(ReceivedRequest request, bool isReliable)
    {
        var said = string.Join(' ', Mark().Matches(request.BodyText).Select(match => match.Value));
        var fault = isReliable ? 0 : int.Parse(Fault().Match(request.BodyText).Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        var isStream = request.BodyText.Contains("\"stream\":true", StringComparison.Ordinal);
        if (isStream)
        {
            var stream = Reply.Sse(Chunk(""), Chunk(said), Chunk(new string('z', said.Length * 500) + said), """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
            return fault switch
            {
                1 => Reply.Status(500, $$$"""{"error":{"message":"{{{said}}}"}}"""),
                2 => stream.ResetAfterEvents(0),
                3 => stream.CloseAfterEvents(1),
                4 => stream.WithErrorAt(1).EndAfterEvents(2),
                5 => stream.ResetAfterEvents(3),
                6 => stream.Encoded("gzip"),
                7 => stream.WrittenInBlocks(100),
                8 => Reply.CloseIdleConnectionOnReuse(),
                _ => stream,
            };
        }

        var whole = Reply.Json(Encoding.UTF8.GetBytes($$"""{"choices":[{"index":0,"message":{"role":"assistant","content":"{{said}}{{new string('y', said.Length * 3_000)}}{{said}}"},"finish_reason":"stop"}]}"""));
        return fault switch
        {
            1 => Reply.Status(429, $$$"""{"error":{"message":"{{{said}}}"}}"""),
            2 => Reply.Reset(),
            3 => whole.CloseAfterBytes(40),
            4 => Reply.Html(),
            5 => Reply.Status(503).BeforeBodyIsRead(),
            6 => whole.Encoded("br"),
            7 => Reply.Garbage(),
            8 => whole.ClosingConnection(),
            _ => whole,
        };
    }

    private static string Chunk(string text) => $$"""{"choices":[{"index":0,"delta":{"content":"{{text}}"},"finish_reason":null}]}""";

    [GeneratedRegex("<c[0-9]+>", RegexOptions.None, 1_000)]
    private static partial Regex Mark();

    [GeneratedRegex("fault-([0-9]+)", RegexOptions.None, 1_000)]
    private static partial Regex Fault();
}
