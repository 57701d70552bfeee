using Penstock.Config;

namespace Penstock.Core.Tests.Config;

public sealed class ConditionTests
{
    private const string Body =
        """
        {
          "model": "gpt-4o", "max_tokens": 500, "temperature": 0.5, "stream": true, "store": false, "stop": null, "n": "12abc",
          "id": 9007199254740993, "big": 1e999, "user": "caf\u00e9", "tools": [{"type": "function"}, [1, 2]],
          "response_format": {"type": "json_schema", "0": "zero", "a.b": "dotted", "a": {"b": "nested", "c": "only"}},
          "twice": 1, "twice": 2, "empty": ""
        }
        """;

    [Theory]
    // A literal: type and value.
    [InlineData("""{"params.model":"gpt-4o"}""", true)]
    [InlineData("""{"params.model":"gpt-4"}""", false)]
    [InlineData("""{"params.model":"gpt-4o-mini"}""", false)]
    [InlineData("""{"params.user":"café"}""", true)]
    [InlineData("""{"params.empty":""}""", true)]
    [InlineData("""{"params.max_tokens":500}""", true)]
    [InlineData("""{"params.max_tokens":500.0}""", true)]
    [InlineData("""{"params.max_tokens":5e2}""", true)]
    [InlineData("""{"params.max_tokens":"500"}""", false)]
    [InlineData("""{"params.temperature":5e-1}""", true)]
    [InlineData("""{"params.id":9007199254740993}""", true)]
    [InlineData("""{"params.id":9007199254740992}""", false)]
    [InlineData("""{"params.stream":true}""", true)]
    [InlineData("""{"params.stream":false}""", false)]
    [InlineData("""{"params.stream":"true"}""", false)]
    [InlineData("""{"params.store":false}""", true)]
    [InlineData("""{"params.stop":null}""", true)]
    [InlineData("""{"params.missing":null}""", false)]
    [InlineData("""{"params.twice":2}""", true)]
    // All members must hold, in any order.
    [InlineData("""{"params.model":"gpt-4o","params.stream":true}""", true)]
    [InlineData("""{"params.model":"gpt-4o","params.stream":false}""", false)]
    [InlineData("""{"$or":[{"params.stream":true}],"params.model":"x"}""", false)]
    [InlineData("""{"$and":[{"params.stream":true}],"params.model":"x"}""", false)]
    [InlineData("""{"params.model":{"$regex":"^gpt","$ne":"gpt-4o"}}""", false)]
    [InlineData("""{}""", true)]
    [InlineData("""{"params.model":{}}""", true)]
    [InlineData("""{"params.model":[]}""", true)]
    // $eq, $ne
    [InlineData("""{"params.model":{"$eq":"gpt-4o"}}""", true)]
    [InlineData("""{"params.missing":{"$eq":"gpt-4o"}}""", false)]
    [InlineData("""{"params.model":{"$ne":"gpt-4o"}}""", false)]
    [InlineData("""{"params.model":{"$ne":5}}""", true)]
    [InlineData("""{"params.missing":{"$ne":"gpt-4o"}}""", true)]
    [InlineData("""{"params.missing":{"$ne":null}}""", true)]
    // $gt, $gte, $lt, $lte
    [InlineData("""{"params.max_tokens":{"$gt":499}}""", true)]
    [InlineData("""{"params.max_tokens":{"$gt":500}}""", false)]
    [InlineData("""{"params.max_tokens":{"$gte":500}}""", true)]
    [InlineData("""{"params.max_tokens":{"$lt":500}}""", false)]
    [InlineData("""{"params.max_tokens":{"$lt":500.5}}""", true)]
    [InlineData("""{"params.max_tokens":{"$lte":"500 tokens"}}""", true)]
    [InlineData("""{"params.max_tokens":{"$gt":100,"$lt":200}}""", false)]
    [InlineData("""{"params.n":{"$gte":12,"$lte":12}}""", true)]
    [InlineData("""{"params.model":{"$gt":0}}""", false)]
    [InlineData("""{"params.model":{"$lte":0}}""", false)]
    [InlineData("""{"params.stop":{"$lte":0}}""", false)]
    [InlineData("""{"params.tools":{"$gte":0}}""", false)]
    [InlineData("""{"params.big":{"$gt":1e300}}""", true)]
    [InlineData("""{"params.missing":{"$gt":0}}""", false)]
    [InlineData("""{"params.missing":{"$gte":0}}""", false)]
    [InlineData("""{"params.missing":{"$lt":0}}""", false)]
    [InlineData("""{"params.missing":{"$lte":0}}""", false)]
    // $in, $nin
    [InlineData("""{"params.model":{"$in":["a","gpt-4o"]}}""", true)]
    [InlineData("""{"params.max_tokens":{"$in":["500",null,true]}}""", false)]
    [InlineData("""{"params.model":{"$in":[]}}""", false)]
    [InlineData("""{"params.missing":{"$in":[null]}}""", false)]
    [InlineData("""{"params.model":{"$nin":["a","gpt-4o"]}}""", false)]
    [InlineData("""{"params.model":{"$nin":["a"]}}""", true)]
    [InlineData("""{"params.missing":{"$nin":["a"]}}""", true)]
    // $regex
    [InlineData("""{"params.model":{"$regex":"4o$"}}""", true)]
    [InlineData("""{"params.model":{"$regex":"GPT"}}""", false)]
    [InlineData("""{"params.model":{"$regex":"(?i)GPT"}}""", true)]
    [InlineData("""{"params.model":{"$regex":"^gpt-(?!3)"}}""", true)]
    [InlineData("""{"params.model":{"$regex":"^gpt-(?!4)"}}""", false)]
    [InlineData("""{"params.max_tokens":{"$regex":"^5"}}""", true)]
    [InlineData("""{"params.stream":{"$regex":"^true$"}}""", true)]
    [InlineData("""{"params.user":{"$regex":"é$"}}""", true)]
    [InlineData("""{"params.stop":{"$regex":""}}""", false)]
    [InlineData("""{"params.tools":{"$regex":""}}""", false)]
    [InlineData("""{"params.missing":{"$regex":""}}""", false)]
    [InlineData("""{"params.missing":{"$regex":"undefined"}}""", false)]
    // $exists, $not
    [InlineData("""{"params.model":{"$exists":true}}""", true)]
    [InlineData("""{"params.stop":{"$exists":true}}""", true)]
    [InlineData("""{"params.model":{"$exists":false}}""", false)]
    [InlineData("""{"params.missing":{"$exists":true}}""", false)]
    [InlineData("""{"params.missing":{"$exists":false}}""", true)]
    [InlineData("""{"params.model":{"$not":{"$regex":"^gpt"}}}""", false)]
    [InlineData("""{"params.model":{"$not":{"$regex":"^gpt","$eq":"x"}}}""", true)]
    [InlineData("""{"params.missing":{"$not":{"$regex":"^gpt"}}}""", true)]
    [InlineData("""{"$not":{"params.model":"gpt-4o"}}""", false)]
    [InlineData("""{"$not":{"params.missing":"gpt-4o"}}""", true)]
    // $and, $or
    [InlineData("""{"$and":[{"params.stream":true},{"params.n":{"$exists":true}}]}""", true)]
    [InlineData("""{"$and":[{"params.stream":true},{"params.missing":1}]}""", false)]
    [InlineData("""{"$and":[]}""", true)]
    [InlineData("""{"$or":[{"params.missing":1},{"$and":[{"params.stream":true}]}]}""", true)]
    [InlineData("""{"$or":[{"params.missing":1},{"params.stream":false}]}""", false)]
    [InlineData("""{"$or":[]}""", false)]
    // Paths
    [InlineData("""{"params.response_format.type":"json_schema"}""", true)]
    [InlineData("""{"params.response_format.type.x":{"$exists":false}}""", true)]
    [InlineData("""{"params.response_format.0":"zero"}""", true)]
    [InlineData("""{"params.response_format.a.b":"dotted"}""", true)]
    [InlineData("""{"params.response_format.a.c":"only"}""", true)]
    [InlineData("""{"params.tools.0.type":"function"}""", true)]
    [InlineData("""{"params.tools.1.1":2}""", true)]
    [InlineData("""{"params.tools.2":{"$exists":false}}""", true)]
    [InlineData("""{"params.tools.-1":{"$exists":false}}""", true)]
    [InlineData("""{"params.tools.length":{"$exists":false}}""", true)]
    public void Judges_parameters(string query, bool expected) => Assert.Equal(expected, Queries.Compile(query).Matches(Facts.Of(Body)));

    [Theory]
    [InlineData("""{"metadata.plan":"pro"}""", true)]
    [InlineData("""{"metadata.plan":{"$in":["pro","team"]}}""", true)]
    [InlineData("""{"metadata.app.name":"x"}""", true)]
    [InlineData("""{"metadata.app.name.first":"long"}""", true)]
    [InlineData("""{"metadata.app.other":"below"}""", true)]
    [InlineData("""{"metadata.app.other.deep":{"$exists":false}}""", true)]
    [InlineData("""{"metadata._user":{"$exists":false}}""", true)]
    [InlineData("""{"url.pathname":"/v1/chat/completions"}""", true)]
    [InlineData("""{"url.pathname":{"$regex":"embeddings"}}""", false)]
    [InlineData("""{"headers.x-team":"red"}""", true)]
    [InlineData("""{"headers.X-Team":"red"}""", true)]
    [InlineData("""{"headers.x-count":{"$gt":9}}""", true)]
    [InlineData("""{"headers.x-count":10}""", false)]
    [InlineData("""{"headers.x-none":{"$exists":true}}""", false)]
    [InlineData("""{"headers.x-none":{"$ne":"red"}}""", true)]
    public void Judges_metadata_path_and_headers(string query, bool expected)
    {
        var facts = Facts.Of(metadata: """{"plan":"pro","app.name":"x","app":{"name":"nested","name.first":"long","other":"below"}}""");
        facts.Headers["x-team"] = "red";
        facts.Headers["x-count"] = "10";

        Assert.Equal(expected, Queries.Compile(query).Matches(facts));
    }

    [Fact]
    public void The_first_condition_that_holds_decides_and_targets_are_found_by_name()
    {
        var conditional = Assert.IsType<ConditionalTarget>(Configs.Compile(
            """
            {
              "strategy": {
                "mode": "conditional",
                "conditions": [
                  {"query": {"metadata.plan": "pro"}, "then": "big"},
                  {"query": {}, "then": "tree"}
                ],
                "default": "big"
              },
              "targets": [
                {"name": "tree", "strategy": {"mode": "fallback"}, "targets": [{"provider": "groq"}]},
                {"name": "big", "provider": "openai"}
              ]
            }
            """).Root);

        Assert.Equal(["config.targets[1]", "config.targets[0]"], conditional.Cases.Select(one => one.Then.Path));
        Assert.IsType<FallbackTarget>(conditional.Cases[1].Then);
        Assert.Same(conditional.Cases[0].Then, conditional.Default);
        Assert.True(conditional.Cases[0].Condition.Matches(Facts.Of(metadata: """{"plan":"pro"}""")));
        Assert.False(conditional.Cases[0].Condition.Matches(Facts.Of()));
    }

    [Fact]
    public void No_default_is_none() => Assert.Null(((ConditionalTarget)Configs.Compile(Queries.Config("{}")).Root).Default);

    [Fact]
    public void Comparing_a_string_allocates_nothing()
    {
        var condition = Queries.Compile("""{"params.model":{"$in":["a","gpt-4o"]},"params.stream":true,"params.max_tokens":{"$lt":501}}""");
        var facts = Facts.Of(Body);
        Assert.True(condition.Matches(facts));

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) condition.Matches(facts);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
