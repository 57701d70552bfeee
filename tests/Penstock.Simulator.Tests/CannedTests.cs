using System.Text.Json;
using Penstock.Tests;

namespace Penstock.Simulator.Tests;

public sealed class CannedTests : SimulatorTest
{
    private readonly ManualTime _time = new();

    protected override SimulatorOptions Options => new() { Canned = CannedAnswers.Standard, Time = _time };

    [Fact]
    public async Task Answers_small_and_large()
    {
        using var small = await Http.PostAsync(Client.Hello);
        var text = await small.Content.ReadAsStringAsync(Stop);
        Assert.InRange(text.Length, 650, 750);
        Assert.Equal("chat.completion", JsonDocument.Parse(text).RootElement.GetProperty("object").GetString());

        using var large = await Http.PostAsync("""{"model":"m","input":"x"}""", "/embeddings");
        var body = await large.Content.ReadAsStringAsync(Stop);
        Assert.InRange(body.Length, 900_000, 1_100_000);
        Assert.Equal(32, JsonDocument.Parse(body).RootElement.GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData("canned-burst")]
    [InlineData("canned-paced-0")]
    public async Task Streams_200_chunks_without_a_pause(string model)
    {
        var events = await Http.PostForEventsAsync(Client.Chat(model, stream: true));

        Assert.Equal(203, events.Count);
        Assert.Equal(200, events.Count(static data => data.Contains("word", StringComparison.Ordinal)));
        Assert.Equal("[DONE]", events[^1]);
    }

    [Theory]
    [InlineData("canned-paced", 10)]
    [InlineData("canned-paced-7", 7)]
    [InlineData("canned-paced-3000", 3000)]
    public async Task Paces_a_stream_by_its_clock(string model, int intervalMs)
    {
        using var client = await RawClient.ConnectAsync(Provider.Port);
        await client.SendAsync(RawClient.Request(Provider.Port, Client.Chat(model, stream: true)));
        Assert.Equal(2, Count(await client.ReadUntilAsync("word"))); // the role comes with the first text
        await _time.ArmedAsync(static _ => true);

        for (var index = 1; index <= 3; index++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(intervalMs));
            Assert.Equal(1, Count(await client.ReadUntilAsync("data: ")));
        }

        _time.Advance(TimeSpan.FromMilliseconds(198 * intervalMs));
        Assert.EndsWith("[DONE]\n\n\r\n0\r\n\r\n", await client.ReadUntilAsync("0\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paces_many_streams_and_bears_that_one_leaves()
    {
        var clients = new List<RawClient>();
        for (var index = 0; index < 50; index++)
        {
            var client = await RawClient.ConnectAsync(Provider.Port);
            clients.Add(client);
            await client.SendAsync(RawClient.Request(Provider.Port, Client.Chat("canned-paced", stream: true)));
            await client.ReadUntilAsync("word");
        }

        clients[0].Dispose();
        await _time.ArmedAsync(static _ => true);
        for (var index = 0; index < 201; index++) _time.Advance(TimeSpan.FromMilliseconds(10));

        foreach (var client in clients.Skip(1))
        {
            Assert.Equal(201, Count(await client.ReadUntilAsync("[DONE]")));
            client.Dispose();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task Finds_the_end_of_requests_however_they_are_cut(int blockBytes)
    {
        using var client = await RawClient.ConnectAsync(Provider.Port);
        var sized = RawClient.Request(Provider.Port, Client.Hello);
        var chunked = $"POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{Client.Hello.Length:x}\r\n{Client.Hello}\r\n0\r\n\r\n";
        foreach (var request in (string[])[sized, chunked, sized, chunked])
        {
            for (var start = 0; start < request.Length; start += blockBytes) await client.SendAsync(request[start..Math.Min(request.Length, start + blockBytes)]);
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", await client.ReadUntilAsync("\"fp_sim\"}"), StringComparison.Ordinal);
        }

        Assert.Equal(4, Provider.RequestCount);
        Assert.Empty(Provider.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Drops_a_large_body(bool isChunked)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        for (var index = 0; index < 3; index++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Provider.BaseUrl + "/chat/completions") { Content = new ByteArrayContent(new byte[1 << 20]) };
            request.Headers.TransferEncodingChunked = isChunked;
            using var response = await http.SendAsync(request, Stop);
            Assert.Equal(200, (int)response.StatusCode);
            await response.Content.ReadAsByteArrayAsync(Stop);
        }

        Assert.Equal(1, Provider.ConnectionCount);
    }

    private static int Count(string text) => text.Split("data: ").Length - 1;
}
