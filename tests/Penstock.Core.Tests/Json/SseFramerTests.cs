using System.Net.ServerSentEvents;
using System.Text;
using Penstock.Json;

namespace Penstock.Core.Tests.Json;

public sealed class SseFramerTests
{
    public static TheoryData<string> Streams =>
    [
        "data: one\n\ndata: two\n\ndata: [DONE]\n\n",
        "data: one\r\n\r\ndata: two\r\n\r\n",
        "data: one\r\rdata: two\r\r",
        "data: one\n\r\ndata: two\r\n\ndata: three\r\n\rdata: four\n\r",
        "event: message_start\ndata: {\"a\":\n: a comment\ndata: 1}\nid: 7\nretry: 10\n\n: ping\n\nevent: x\ndata\n\ndata\n\ndata:\n\ndata:  two spaces \n\n",
        "\uFEFFdata: after the mark\n\n\n\n\ndata: é😀\ndatax: no\nevent:second\nevent: third\n\n",
        "\n\r\n\rdata: x\n\n",
        "data: a\rdata: b\r\ndata: c\ndata:\r\r\ndata: unfinished",
        ": only a comment\r\n\r\n:\n\n",
    ];

    [Theory]
    [MemberData(nameof(Streams))]
    public void Loses_and_repeats_nothing_wherever_the_stream_is_cut(string stream)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        var expected = Oracle(bytes);
        for (var cut = 0; cut <= bytes.Length; cut++) Assert.Equal(expected, Read(bytes, [cut, bytes.Length]));
        Assert.Equal(expected, Read(bytes, Enumerable.Range(1, bytes.Length)));
    }

    [Fact]
    public void Agrees_with_the_framework_on_random_streams()
    {
        var random = new Random(42);
        string[] pieces = ["\n", "\r", "\r\n", "\n\n", "data: x", "data:y", "event: e", ":c", "id: 1", "data", " ", "foo: bar"];
        for (var round = 0; round < 2000; round++)
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(random.GetItems(pieces, random.Next(25))));
            var cuts = Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(bytes.Length + 1)).Append(bytes.Length).Order();

            // Only the data: after an event without any, the framework keeps its name for the next, the standard does not.
            Assert.Equal(Oracle(bytes).Select(e => e.Data), Read(bytes, cuts).Select(e => e.Data));
        }
    }

    [Theory]
    [InlineData("data: x", 0)]
    [InlineData("data: x\n", 0)]
    [InlineData("data: x\r", 0)]
    [InlineData("data: x\r\n", 0)]
    [InlineData("data: x\n\n", 9)]
    [InlineData("data: x\r\n\r", 10)]
    [InlineData("data: x\r\n\r\n", 11)]
    [InlineData("data: x\r\r", 9)]
    [InlineData("data: x\n\ndata: y\n", 9)]
    [InlineData("data: x\n\ndata: y\n\nda", 18)]
    public void Passes_an_event_as_soon_as_it_is_whole(string buffer, int expected)
    {
        var framer = new SseFramer();

        Assert.Equal(expected, framer.Complete(Encoding.UTF8.GetBytes(buffer)));
    }

    [Fact]
    public void Takes_the_end_of_a_cut_line_end_as_a_blank_line()
    {
        var framer = new SseFramer();

        Assert.Equal(10, framer.Complete("data: x\r\n\r"u8));
        Assert.Equal(1, framer.Complete("\ndata: y"u8));
        Assert.Equal(9, framer.Complete("data: y\n\n"u8));
    }

    [Fact]
    public void Forgets_the_name_of_an_event_without_data()
    {
        var bytes = "event: lost\n\ndata: x\n\n"u8.ToArray();

        Assert.Equal([("", "x")], Read(bytes, [bytes.Length]));
    }

    [Fact]
    public void Allocates_nothing()
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("event: e\ndata: a\ndata: b\n\ndata: c\n\n", 20)));
        var allocated = -1L;
        var length = 0;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var framer = new SseFramer();
            foreach (var @event in new SseEvents(bytes.AsSpan(0, framer.Complete(bytes)))) length += @event.Data.Length;
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(3 * 20 * 4, length);
        Assert.Equal(0, allocated);
    }

    private static List<(string Name, string Data)> Read(byte[] bytes, IEnumerable<int> arrivals)
    {
        var events = new List<(string, string)>();
        var framer = new SseFramer();
        var start = 0;
        foreach (var end in arrivals)
        {
            var length = framer.Complete(bytes.AsSpan(start, end - start));
            foreach (var @event in new SseEvents(bytes.AsSpan(start, length)))
            {
                events.Add((Encoding.UTF8.GetString(@event.Name), Encoding.UTF8.GetString(@event.Data)));
            }

            start += length;
        }

        return events;
    }

    private static List<(string Name, string Data)> Oracle(byte[] bytes)
    {
        var parser = SseParser.Create(new MemoryStream(bytes), (_, data) => Encoding.UTF8.GetString(data));
        return [.. parser.Enumerate().Select(e => (e.EventType == "message" ? "" : e.EventType, e.Data))];
    }
}
