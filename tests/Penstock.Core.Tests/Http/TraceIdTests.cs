using Microsoft.AspNetCore.Http;
using Penstock.Http;

namespace Penstock.Core.Tests.Http;

public sealed class TraceIdTests
{
    private const string Parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Fact]
    public void Is_what_the_caller_says() => Assert.Equal("my trace 1", For("my trace 1", Parent));

    [Fact]
    public void Else_is_the_trace_of_the_parent() => Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", For(null, Parent));

    [Theory]
    [InlineData("a\u0001b")]
    [InlineData("a\u007f")]
    [InlineData("größe")]
    [InlineData(" ")]
    public void Cannot_be_what_no_response_header_can_carry(string given)
    {
        Assert.True(Guid.TryParse(For(given, null), out _));
        Assert.True(Guid.TryParse(For(new string('a', 257), null), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e473\n-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01")]
    public void Is_new_when_the_parent_is_none(string parent)
    {
        var first = For(null, parent);

        Assert.True(Guid.TryParseExact(first, "N", out _));
        Assert.NotEqual(first, For(null, parent));
    }

    private static string For(string? given, string? parent)
    {
        var headers = new HeaderDictionary();
        if (given is not null) headers["x-portkey-trace-id"] = given;
        if (parent is not null) headers["traceparent"] = parent;
        return TraceId.For(headers);
    }
}
