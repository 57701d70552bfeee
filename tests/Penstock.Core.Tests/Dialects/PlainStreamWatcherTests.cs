using System.Text;
using Penstock.Dialects;

namespace Penstock.Core.Tests.Dialects;

public sealed class PlainStreamWatcherTests
{
    [Theory]
    [InlineData(": ping\n\nevent: ping\n\n", false, null)]
    [InlineData("data: x\n\n", true, null)]
    [InlineData("data: x\n\nevent: error\ndata: y\n\n", true, null)]
    [InlineData(": ping\n\nevent: error\ndata: y\n\n", false, "y")]
    [InlineData("data: {\"error\":{\"message\":\"m\"}}\n\n", false, "{\"error\":{\"message\":\"m\"}}")]
    [InlineData("data: {\"error\":null}\n\n", true, null)]
    [InlineData("data: {\"a\":{\"error\":1}}\n\n", true, null)]
    [InlineData("data: {\"error\n\n", true, null)]
    [InlineData("data: [\"error\"]\n\n", true, null)]
    public void Judges_by_the_first_event(string stream, bool hasContent, string? error)
    {
        var watcher = new PlainStreamWatcher();
        watcher.OnEvents(Encoding.UTF8.GetBytes(stream));

        Assert.Equal(hasContent, watcher.HasContent);
        Assert.Equal(error, watcher.Error is null ? null : Encoding.UTF8.GetString(watcher.Error));
        Assert.True(watcher.IsComplete);
    }
}
