using System.Text;
using Penstock.Dialects;
using Penstock.Dialects.OpenAi;

namespace Penstock.Core.Tests.Dialects.OpenAi;

public sealed class ChatStreamWatcherTests
{
    private const string Content = """{"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}""";

    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"Hi"}}]}""", true)]
    [InlineData("""{"choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null}}]}""", false)]
    [InlineData("""{"choices":[{"index":0,"delta":{"reasoning":"r"}}]}""", true)]
    [InlineData("""{"choices":[{"index":0,"delta":{"reasoning_content":"r"}}]}""", true)]
    [InlineData("""{"choices":[{"index":0,"delta":{"refusal":"no"}}]}""", true)]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0}]}}]}""", true)]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[]}}]}""", false)]
    [InlineData("""{"choices":[{"index":0,"delta":{"function_call":{"name":"f"}}}]}""", true)]
    [InlineData("""{"choices":[{"index":0,"delta":{"audio":{"id":"a"}}}]}""", true)]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":[{"type":"text"}]}}]}""", true)]
    [InlineData("""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""", true)]
    [InlineData("""{"choices":[{"index":0,"delta":{},"finish_reason":""}]}""", false)]
    [InlineData("""{"choices":[{"index":0,"delta":null,"finish_reason":null}]}""", false)]
    [InlineData("""{"choices":[{"index":0,"text":"Hi"}]}""", true)]
    [InlineData("""{"choices":[{"index":0,"text":""}]}""", false)]
    [InlineData("""{"choices":[],"prompt_filter_results":[{"content_filter_results":{"hate":{"filtered":false}}}]}""", false)]
    [InlineData("""{"choices":[{"content_filter_offsets":{"check_offset":4},"content_filter_results":{"hate":{"filtered":false}},"finish_reason":null,"index":0}]}""", false)]
    [InlineData("""{"choices":null,"usage":{"content":"x"}}""", false)]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"Hi""", false)]
    [InlineData("hello", false)]
    public void Knows_content_when_it_comes(string data, bool expected)
    {
        var watcher = Watch(1, data);

        Assert.Equal(expected, watcher.HasContent);
        Assert.Null(watcher.Error);
        Assert.False(watcher.HasEndMark);
    }

    [Fact]
    public void Is_complete_when_every_choice_finished()
    {
        var watcher = Watch(2, Content, Finish(1));
        Assert.False(watcher.IsComplete);
        Feed(watcher, Finish(1));
        Assert.False(watcher.IsComplete);
        Feed(watcher, Content, Finish(0));

        Assert.True(watcher.IsComplete);
        Assert.False(watcher.HasEndMark);
    }

    [Fact]
    public void Is_complete_at_the_end_mark()
    {
        var watcher = Watch(3, Content);
        Feed(watcher, "[DONE]");

        Assert.True(watcher.IsComplete);
        Assert.True(watcher.HasEndMark);
    }

    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"[DONE]"},"finish_reason":null}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"\"finish_reason\":\"stop\""},"finish_reason":null}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"\"error\":1 event: error"},"finish_reason" : null}],"error":null}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":""}],"error":""}""")]
    [InlineData("""{"choices":[],"type":"error","nested":{"error":{"a":1}}}""")]
    [InlineData("""{"choices":[{"finish_reason":"st""")]
    public void Is_not_fooled_by_text(string data)
    {
        var watcher = Watch(1, Content, data);

        Assert.False(watcher.IsComplete);
        Assert.Null(watcher.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keeps_the_first_error(bool afterContent)
    {
        const string error = """{"id":"x","choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}],"error":{"code":502,"message":"gone"}}""";
        var watcher = afterContent ? Watch(1, Content) : Watch(1);
        Feed(watcher, error, """{"error":"second"}""");

        Assert.Equal(error, Encoding.UTF8.GetString(watcher.Error!));
        Assert.Equal(afterContent, watcher.HasContent);
        Assert.False(watcher.IsComplete);
    }

    [Theory]
    [InlineData("event: error\ndata: {\"message\":\"gone\"}\n\n", "{\"message\":\"gone\"}")]
    [InlineData("event:error\r\ndata: gone\r\n\r\n", "gone")]
    public void Knows_an_event_named_error(string stream, string expected)
    {
        var watcher = new ChatStreamWatcher(1);
        watcher.OnEvents(Encoding.UTF8.GetBytes($"data: {Content}\n\n"));
        watcher.OnEvents(Encoding.UTF8.GetBytes(stream));

        Assert.Equal(expected, Encoding.UTF8.GetString(watcher.Error!));
    }

    [Theory]
    [InlineData("data: [DONE]\n\n: bye\n\n", true, null)]
    [InlineData("data: [DONE]\n\ndata: {}\n\n", true, null)]
    [InlineData("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[{\"delta\":{},\"finish_reason\":null}],\"usage\":{}}\n\n", true, null)]
    [InlineData("data: {\"error\":1}\n\n: ping\n\n", false, "{\"error\":1}")]
    [InlineData("event: error\r\ndata: gone\r\n\r\ndata: {}\r\n\r\n", false, "gone")]
    public void Sees_what_matters_before_the_last_event_of_a_read(string read, bool isComplete, string? error)
    {
        var watcher = Watch(1, Content);
        watcher.OnEvents(Encoding.UTF8.GetBytes(read));

        Assert.Equal(isComplete, watcher.IsComplete);
        Assert.Equal(error, watcher.Error is { } bytes ? Encoding.UTF8.GetString(bytes) : null);
    }

    [Fact]
    public void Never_throws_on_any_data()
    {
        var random = new Random(5);
        var bytes = Encoding.UTF8.GetBytes($"data: {Content}\n\nevent: error\ndata: {Finish(-7)}\n\ndata: {{\"error\":{{\"a\":\"\\ud800\"}}}}\r\n\r\ndata: [DONE]\n\n");
        for (var round = 0; round < 5000; round++)
        {
            var broken = bytes.ToArray();
            for (var i = random.Next(1, 6); i > 0; i--) broken[random.Next(broken.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : bytes[random.Next(bytes.Length)];
            var watcher = new ChatStreamWatcher(1);
            watcher.OnEvents(broken.AsSpan(random.Next(20)));
            watcher.OnEvents(broken);
            new PlainStreamWatcher().OnEvents(broken);
        }
    }

    [Fact]
    public void Allocates_nothing_per_event()
    {
        var content = Encoding.UTF8.GetBytes($"data: {Content}\n\n");
        var finish = Encoding.UTF8.GetBytes($"data: {Finish(0)}\n\n");
        var allocated = -1L;
        var watcher = new ChatStreamWatcher(2);
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                watcher.OnEvents(content);
                watcher.OnEvents(finish);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    private static string Finish(int index) => $$"""{"choices":[{"delta":{},"finish_reason":"stop","index":{{index}}}]}""";

    private static ChatStreamWatcher Watch(int choices, params string[] data)
    {
        var watcher = new ChatStreamWatcher(choices);
        foreach (var item in data) Feed(watcher, item);
        return watcher;
    }

    private static void Feed(ChatStreamWatcher watcher, params string[] data) =>
        watcher.OnEvents(Encoding.UTF8.GetBytes(string.Concat(data.Select(d => $": ping\n\ndata: {d}\n\n"))));
}
