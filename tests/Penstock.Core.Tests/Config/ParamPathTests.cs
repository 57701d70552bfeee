using Penstock.Config;

namespace Penstock.Core.Tests.Config;

public sealed class ParamPathTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("a.b", "a/b")]
    [InlineData("a[0].b", "a/#0/b")]
    [InlineData("messages[*].name", "messages/#*/name")]
    [InlineData("[\"a b\"].c", "a b/c")]
    [InlineData("a[\"b.c\"][12]", "a/b.c/#12")]
    [InlineData("a['b\"c']", "a/b\"c")]
    [InlineData("[\"a\\\"b\\\\\"]", "a\"b\\")]
    [InlineData("a[0][1]", "a/#0/#1")]
    [InlineData("é-x_1", "é-x_1")]
    public void Reads_names_and_indexes(string text, string expected)
    {
        var path = ParamPath.Parse(text);

        Assert.Equal(expected, string.Join('/', path.Steps.Select(s => s.Name ?? "#" + (s.Index?.ToString() ?? "*"))));
        Assert.Equal(text, path.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("a.")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a[")]
    [InlineData("a[]")]
    [InlineData("a[-1]")]
    [InlineData("a[x]")]
    [InlineData("a[0")]
    [InlineData("a[0]b")]
    [InlineData("a[99999999999]")]
    [InlineData("a[\"b]")]
    [InlineData("a]")]
    [InlineData("[0].a")]
    [InlineData("[*]")]
    public void Refuses_what_is_no_path(string text)
    {
        var fault = Assert.Throws<FormatException>(() => ParamPath.Parse(text));

        Assert.Contains("expected", fault.Message, StringComparison.Ordinal);
    }
}
