using System.Text;
using Penstock.Json;

namespace Penstock.Core.Tests.Json;

public sealed class JsonTextTests
{
    [Fact]
    public void Allows_comments_and_trailing_commas()
    {
        var text = JsonText.Parse("""
            {
              "request_timeout": 10000, // milliseconds
              "targets": [1, 2,],
            }
            """);

        Assert.Equal("10000", text.Root["request_timeout"]!.Text);
        Assert.Equal(2, text.Root["targets"]!.Items.Count);
    }

    [Fact]
    public void Knows_where_every_part_stands()
    {
        var text = JsonText.Parse("{\n  \"a\": {\n    \"b\": true\n  }\n}");

        Assert.Equal((3, 10), text.Locate(text.Root["a"]!["b"]!));
    }

    [Theory]
    [InlineData("{\n \"a\": }", 2)]
    [InlineData("{\"a\":1,\n\"a\":2}", 2)]
    [InlineData("", 1)]
    [InlineData("{}\n\n{}", 3)]
    public void Reports_the_line_of_a_fault(string json, int line)
    {
        var fault = Assert.Throws<JsonTextException>(() => JsonText.Parse(json));

        Assert.Equal(line, fault.Line);
    }

    [Fact]
    public void Refuses_a_lone_surrogate_with_its_place()
    {
        var fault = Assert.Throws<JsonTextException>(() => JsonText.Parse("{\"a\":\n\"\\ud800\"}"));

        Assert.Equal(2, fault.Line);
    }

    [Fact]
    public void Writes_strict_json_with_spellings_kept()
    {
        var text = JsonText.Parse("""{"b": 1.50e0, /* gone */ "a": [null, "é\n"],}""");

        Assert.Equal("""{"b":1.50e0,"a":[null,"é\n"]}""", Encoding.UTF8.GetString(text.Root.ToUtf8()));
    }
}
