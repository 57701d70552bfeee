namespace Penstock.Core.Tests.Config;

public sealed class ConditionFaultsTests
{
    [Theory]
    [InlineData("[]", "", "an object was expected")]
    [InlineData("\"x\"", "", "an object was expected")]
    [InlineData("""{"plan":"pro"}""", ",plan", "metadata.…, params.…, headers.… or url.pathname")]
    [InlineData("""{"metadata":"pro"}""", ",metadata", "nothing that a query can look at")]
    [InlineData("""{"params.":"pro"}""", ",params.", "nothing that a query can look at")]
    [InlineData("""{"url.host":"pro"}""", ",url.host", "nothing that a query can look at")]
    [InlineData("""{"params.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a":1}""", ",params.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a", "32 steps")]
    [InlineData("""{"$nor":[]}""", ",$nor", "unknown operator '$nor'")]
    [InlineData("""{"$eq":1}""", ",$eq", "unknown operator '$eq'")]
    [InlineData("""{"$and":{}}""", ",$and", "an array")]
    [InlineData("""{"$or":[{"metadata.a":1},5]}""", ",$or,1", "an object")]
    [InlineData("""{"$not":[]}""", ",$not", "an object")]
    [InlineData("""{"metadata.a":["x"]}""", ",metadata.a", "$in")]
    [InlineData("""{"metadata.a":{"b":"x"}}""", ",metadata.a,b", "unknown operator 'b'")]
    [InlineData("""{"metadata.a":{"$like":"x"}}""", ",metadata.a,$like", "unknown operator '$like'")]
    [InlineData("""{"metadata.a":{"$eq":{}}}""", ",metadata.a,$eq", "a string, number, boolean or null")]
    [InlineData("""{"metadata.a":{"$ne":[]}}""", ",metadata.a,$ne", "a string, number, boolean or null")]
    [InlineData("""{"metadata.a":{"$in":"x"}}""", ",metadata.a,$in", "an array")]
    [InlineData("""{"metadata.a":{"$nin":[1,{}]}}""", ",metadata.a,$nin,1", "a string, number, boolean or null")]
    [InlineData("""{"metadata.a":{"$gt":"x"}}""", ",metadata.a,$gt", "a number")]
    [InlineData("""{"metadata.a":{"$lte":null}}""", ",metadata.a,$lte", "a number")]
    [InlineData("""{"metadata.a":{"$exists":1}}""", ",metadata.a,$exists", "true or false")]
    [InlineData("""{"metadata.a":{"$not":"x"}}""", ",metadata.a,$not", "an object of operators")]
    [InlineData("""{"metadata.a":{"$not":{"$x":1}}}""", ",metadata.a,$not,$x", "unknown operator")]
    [InlineData("""{"metadata.a":{"$regex":5}}""", ",metadata.a,$regex", "a pattern")]
    [InlineData("""{"metadata.a":{"$regex":"("}}""", ",metadata.a,$regex", "not a regular expression")]
    [InlineData("""{"metadata.a":{"$regex":"a**"}}""", ",metadata.a,$regex", "not a regular expression")]
    public void Names_the_fault_and_its_place(string query, string path, string message)
    {
        var fault = Assert.Single(Configs.Faults(Queries.Config(query)));

        Assert.Equal("strategy,conditions,0,query" + path, fault.Path);
        Assert.Contains(message, fault.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("", "strategy,conditions", "at least one condition")]
    [InlineData(""","conditions":[]""", "strategy,conditions", "at least one condition")]
    [InlineData(""","conditions":{}""", "strategy,conditions", "an array")]
    [InlineData(""","conditions":[1]""", "strategy,conditions,0", "an object")]
    [InlineData(""","conditions":[{"then":"a"}]""", "strategy,conditions,0,query", "a query was expected")]
    [InlineData(""","conditions":[{"query":{}}]""", "strategy,conditions,0,then", "the name of a target")]
    [InlineData(""","conditions":[{"query":{},"then":1}]""", "strategy,conditions,0,then", "a string")]
    [InlineData(""","conditions":[{"query":{},"then":"b"}]""", "strategy,conditions,0,then", "the names are 'a', 'twin', 'twin'")]
    [InlineData(""","conditions":[{"query":{},"then":"twin"}]""", "strategy,conditions,0,then", "two targets are named 'twin'")]
    [InlineData(""","conditions":[{"query":{},"then":"a"}],"default":"b" """, "strategy,default", "no target here is named 'b'")]
    [InlineData(""","conditions":[{"query":{},"then":"a"}],"default":[]""", "strategy,default", "a string")]
    public void Checks_conditions_and_their_targets(string members, string path, string message)
    {
        var config = $$"""{"strategy":{"mode":"conditional"{{members}}},"targets":[{"name":"a","provider":"openai"},{"name":"twin","provider":"openai"},{"name":"twin","provider":"groq"},{"provider":"groq"}]}""";

        var fault = Assert.Single(Configs.Faults(config));

        Assert.Equal(path, fault.Path);
        Assert.Contains(message, fault.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Twins_that_nobody_names_are_fine() =>
        Configs.Compile("""{"strategy":{"mode":"fallback"},"targets":[{"name":"twin","provider":"openai"},{"name":"twin","provider":"groq"}]}""");

    [Theory]
    [InlineData(4096, 0)]
    [InlineData(4097, 1)]
    public void Bounds_the_length_of_patterns(int length, int expected) =>
        Assert.Equal(expected, Configs.Faults(Queries.Config($$$"""{"metadata.a":{"$regex":"{{{new string('a', length)}}}"}}""")).Count);

    [Theory]
    [InlineData(64, 0)]
    [InlineData(65, 1)]
    [InlineData(1_000, 936)]
    public void Bounds_the_number_of_patterns(int count, int expected)
    {
        var queries = string.Join(",", Enumerable.Repeat("""{"metadata.a":{"$regex":"b"}}""", count));

        Assert.Equal(expected, Configs.Faults(Queries.Config($$"""{"$or":[{{queries}}]}""")).Count);
    }

    [Theory]
    [InlineData(16, 0)]
    [InlineData(17, 1)]
    public void Bounds_the_number_of_patterns_that_need_backtracking(int count, int expected)
    {
        var queries = string.Join(",", Enumerable.Repeat("""{"metadata.a":{"$regex":"(?=a)b"}},{"metadata.a":{"$regex":"b"}}""", count));

        Assert.Equal(expected, Configs.Faults(Queries.Config($$"""{"$or":[{{queries}}]}""")).Count);
    }
}
