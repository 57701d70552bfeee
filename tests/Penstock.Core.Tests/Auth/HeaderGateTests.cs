using Penstock.Auth;

namespace Penstock.Core.Tests.Auth;

public sealed class HeaderGateTests
{
    [Theory]
    [InlineData("")]
    [InlineData("sk-1")]
    [InlineData("a b\tc")]
    [InlineData("{\"k\":\"ü\"}")]
    public void Lets_values_pass(string value) => Assert.True(HeaderGate.IsSafe(value));

    [Fact]
    public void Stops_every_control_character()
    {
        for (var c = '\0'; c < ' '; c++)
        {
            if (c != '\t') Assert.False(HeaderGate.IsSafe($"a{c}b"), $"U+{(int)c:X4}");
        }

        Assert.False(HeaderGate.IsSafe("a\u007f"));
        Assert.False(HeaderGate.IsSafe("a\r\nX-Other: b"));
    }
}
