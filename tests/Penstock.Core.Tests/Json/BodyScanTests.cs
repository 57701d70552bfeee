using System.Text;
using System.Text.Json;
using Penstock.Json;

namespace Penstock.Core.Tests.Json;

public sealed class BodyScanTests
{
    [Fact]
    public void Finds_every_member_with_its_place()
    {
        var scan = Scan("""{ "model" : "gpt-5" , "x\u0061": [1, {"y": "}"}], "n":3, "z": -1.5e3}""");

        Assert.Equal(4, scan.Count);
        Assert.Equal("gpt-5", scan.Model);
        Assert.Equal(3, scan.Choices);
        Assert.False(scan.Stream);
        Assert.True(scan.IsNamed(1, "xa"u8));
        Assert.Equal("""[1, {"y": "}"}]""", Value(scan, 1));
        Assert.Equal("-1.5e3", Value(scan, 3));
        Assert.Equal(JsonTokenType.StartArray, scan[1].Kind);
        Assert.True(scan[1].NameEscaped);
        for (var i = 0; i < scan.Count; i++) Assert.False(scan.IsNamed(i, "y"u8));
    }

    [Theory]
    [InlineData("""{"stream":true}""", true)]
    [InlineData("""{"stream":"true"}""", false)]
    [InlineData("""{"stream":1}""", false)]
    [InlineData("""{"str\u0065am":true}""", true)]
    [InlineData("{}", false)]
    public void Streams_for_the_literal_true_only(string body, bool expected) => Assert.Equal(expected, Scan(body).Stream);

    [Theory]
    [InlineData("""{"n":4}""", 4)]
    [InlineData("""{"n":0}""", 1)]
    [InlineData("""{"n":-2}""", 1)]
    [InlineData("""{"n":1.5}""", 1)]
    [InlineData("""{"n":"4"}""", 1)]
    [InlineData("""{"n":99999999999}""", 1)]
    [InlineData("""{"n":null}""", 1)]
    public void Counts_choices_by_a_positive_integer(string body, int expected) => Assert.Equal(expected, Scan(body).Choices);

    [Theory]
    [InlineData("""{"model":null}""", null)]
    [InlineData("""{"model":5}""", null)]
    [InlineData("""{"model":"caf\u00e9"}""", "café")]
    [InlineData("""{"model":"\ud83d\ude00"}""", "😀")]
    [InlineData("""{"model":""}""", "")]
    public void Reads_the_model_if_it_is_a_string(string body, string? expected) => Assert.Equal(expected, Scan(body).Model);

    [Fact]
    public void Reads_one_body_after_another()
    {
        var scan = Scan("""{"model":"a","stream":true,"n":2}""");
        scan.Read("{}"u8.ToArray());

        Assert.Equal((0, null, false, 1), (scan.Count, scan.Model, scan.Stream, scan.Choices));
        scan.Read("""{"model":"a"}"""u8.ToArray());
        Assert.Equal("a", scan.Model);
    }

    [Fact]
    public void Leaves_out_a_byte_order_mark()
    {
        var scan = new BodyScan();
        scan.Read((byte[])[0xEF, 0xBB, 0xBF, .. "{\"model\":\"m\"}"u8]);

        Assert.Equal("m", scan.Model);
        Assert.Equal("{\"model\":\"m\"}", Encoding.UTF8.GetString(scan.Body.Span));
    }

    [Theory]
    [InlineData("", "no body")]
    [InlineData(" \r\n", "no body")]
    [InlineData("[]", "an array")]
    [InlineData("\"x\"", "a string")]
    [InlineData("17", "a number")]
    [InlineData("null", "null")]
    [InlineData("true", "a boolean")]
    [InlineData("{\"a\": x}", "at byte 6")]
    [InlineData("{\n\"a\":\n 1,\n}", "at byte 11")]
    [InlineData("{\"a\":1} 2", "at byte 8")]
    [InlineData("{\"a\":1", "not valid JSON")]
    [InlineData("{\"a\":1 /* c */}", "not valid JSON")]
    [InlineData("{\"a\":01}", "not valid JSON")]
    [InlineData("{'a':1}", "not valid JSON")]
    [InlineData("{\"model\":\"\\ud800\"}", "'model' holds text")]
    [InlineData("{\"model\":1,\"m\\u006fdel\":2}", "The member 'model' is there twice, perhaps in another casing. Send it once.")]
    [InlineData("{\"messages\":1,\"messages\":2}", "The member 'messages' is there twice, perhaps in another casing. Send it once.")]
    [InlineData("{\"max_completion_tokens\":1,\"max_completion_tokens\":2}", "The member 'max_completion_tokens' is there twice, perhaps in another casing. Send it once.")]
    public void Says_what_is_wrong(string body, string expected)
    {
        var scan = new BodyScan();

        var fault = Assert.Throws<BodyException>(() => scan.Read(Encoding.UTF8.GetBytes(body)));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, scan.Count);
        Assert.Null(scan.Model);
    }

    [Theory]
    [InlineData("model"), InlineData("stream"), InlineData("n"), InlineData("messages"), InlineData("max_tokens"), InlineData("max_completion_tokens")]
    [InlineData("stream_options"), InlineData("tools"), InlineData("input"), InlineData("prompt"), InlineData("user")]
    public void Refuses_members_that_decide_when_they_are_there_twice(string name)
    {
        var fault = Assert.Throws<BodyException>(() => Scan($$"""{"{{name}}":1,"other":2,"{{name}}":1}"""));

        Assert.Equal($"The member '{name}' is there twice, perhaps in another casing. Send it once.", fault.Message);
    }

    [Fact]
    public void Lets_other_duplicates_and_unread_oddities_pass()
    {
        var scan = Scan("""{"a":"\ud800","a":1e999999,"\ud800":2,"user":"\udc00"}""");

        Assert.Equal(4, scan.Count);
        Assert.True(scan.IsNamed(0, "a"u8) && scan.IsNamed(1, "a"u8));
    }

    [Fact]
    public void Says_what_is_wrong_without_repeating_the_body()
    {
        var fault = Assert.Throws<BodyException>(() => Scan("{\"a\":t" + new string('r', 1 << 20)));

        Assert.InRange(fault.Message.Length, 40, 300);
    }

    [Fact]
    public void Limits_depth_and_width()
    {
        static string Nest(int depth) => "{\"a\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}";
        static string Widen(int count) => "{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"m{i}\":{i}")) + "}";

        Assert.Equal(1, Scan(Nest(BodyScan.MaxDepth)).Count);
        Assert.Contains("deeper than 256 levels", Assert.Throws<BodyException>(() => Scan(Nest(BodyScan.MaxDepth + 1))).Message, StringComparison.Ordinal);
        Assert.Equal(BodyScan.MaxMembers, Scan(Widen(BodyScan.MaxMembers)).Count);
        Assert.Contains("more than 1024", Assert.Throws<BodyException>(() => Scan(Widen(BodyScan.MaxMembers + 1))).Message, StringComparison.Ordinal);
    }

    private static BodyScan Scan(string body) => Bodies.Scan(body);

    private static string Value(BodyScan scan, int index) => Encoding.UTF8.GetString(scan.Body.Span[scan[index].ValueStart..scan[index].ValueEnd]);
}
