using System.Text;
using System.Text.Json;

namespace Penstock.Core.Tests.Config;

/// <summary>Bodies and metadata come from anyone: no condition may throw on them.</summary>
public sealed class HostileConditionTests
{
    private static readonly string[] Operators =
    [
        "\"gpt\"", "1", "null", "true", """{"$eq":"gpt"}""", """{"$ne":"gpt"}""", """{"$gt":1}""", """{"$lte":1}""", """{"$in":["gpt",1,null]}""",
        """{"$nin":["gpt"]}""", """{"$regex":"gpt"}""", """{"$regex":"(?=g)p"}""", """{"$exists":true}""", """{"$not":{"$eq":"gpt"}}""",
    ];

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"gp\\ud800\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("\"g\\u0070t\"")]
    [InlineData("1e999")]
    [InlineData("-1e999")]
    [InlineData("1e-999")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890")]
    [InlineData("-0")]
    [InlineData("{}")]
    [InlineData("[[[[[]]]]]")]
    [InlineData("\"\\u0000\"")]
    public void Nothing_throws(string value)
    {
        foreach (var test in Operators)
        {
            Judge($$"""{"params.a":{{test}}}""", $$"""{"a":{{value}}}""");
            Judge($$"""{"params.a.b":{{test}}}""", $$$"""{"a":{"b":{{{value}}}}}""");
            Judge($$"""{"params.a":{{test}}}""", $$"""{"a":1,"a":{{value}},"\ud800":2,"a\ud800":3}""");
        }
    }

    [Fact]
    public void Broken_names_hide_nothing()
    {
        Assert.True(Judge("""{"params.ab":"x"}""", """{"a\ud800":1,"\u0061b":"x","ab\udfff":2}"""));
        Assert.False(Judge("""{"params.ab":{"$exists":true}}""", """{"ab\ud800":1}"""));
    }

    [Fact]
    public void An_escaped_string_equals_what_it_means() => Assert.True(Judge("""{"params.a":"gpt"}""", """{"a":"g\u0070t"}"""));

    [Fact]
    public void Bytes_that_are_no_text_equal_nothing()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"a":"?"}""");
        bytes[6] = 0xFF;
        var facts = new Facts { Params = JsonDocument.Parse(bytes).RootElement };

        foreach (var test in Operators) Queries.Compile($$"""{"params.a":{{test}}}""").Matches(facts);
        Assert.False(Queries.Compile("""{"params.a":"gpt"}""").Matches(facts));
    }

    [Fact]
    public void A_body_that_is_no_object_has_no_parameters()
    {
        Assert.False(Judge("""{"params.a":{"$exists":true}}""", "[{\"a\":1}]"));
        Assert.True(Queries.Compile("""{"params.a":{"$exists":false}}""").Matches(new Facts()));
        Assert.True(Queries.Compile("""{"metadata.a":{"$exists":false}}""").Matches(new Facts()));
    }

    [Fact]
    public void Deep_bodies_are_read_to_their_end()
    {
        var body = string.Concat(Enumerable.Repeat("{\"a\":", 31)) + "7" + new string('}', 31);

        Assert.True(Judge($$"""{"params{{string.Concat(Enumerable.Repeat(".a", 31))}}":7}""", body));
    }

    [Fact]
    public void A_slow_pattern_does_not_match()
    {
        var condition = Queries.Compile("""{"params.a":{"$regex":"^(?=a)(a+)+$"}}""");

        Assert.False(condition.Matches(Facts.Of($$"""{"a":"{{new string('a', 60)}}!"}""")));
    }

    private static bool Judge(string query, string body) => Queries.Compile(query).Matches(Facts.Of(body));
}
