using System.Text.Json.Nodes;
using Penstock.Config;

namespace Penstock.Core.Tests.Config;

public sealed class RandomConfigsTests
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1.5", "1e999", "99999999999999999999", "\"\"", "\"x\"", "\"openai\"", "\"@a/b\"", "\"fallback\"",
        "\"loadbalance\"", "\"conditional\"", "\"single\"", "[]", "[[]]", "[{}]", "[429,\"x\"]", "{}", "{\"mode\":\"single\"}", "{\"$regex\":\"(\"}",
        "{\"params.a\":{\"$in\":[1,{}]}}", "[{\"query\":{},\"then\":\"x\"}]", "[{\"name\":\"x\",\"provider\":\"openai\"}]", "{\"$not\":{\"$and\":[]}}",
    ];

    private static readonly string[] Names =
    [
        .. ConfigMembers.Config.All, .. ConfigMembers.Strategy.All, .. ConfigMembers.Retry.All, .. ConfigMembers.Timeouts.All,
        .. ConfigMembers.ValueOperators, .. ConfigMembers.QueryOperators, "query", "then", "params.a", "resourceName", "azure_api_version", "colour",
    ];

    /// <summary>No faults and no plan, or both, fails in <see cref="Configs.Faults"/>.</summary>
    [Fact]
    public void Any_JSON_is_either_a_plan_or_has_faults()
    {
        var random = new Random(20_250_301);
        var plans = 0;
        for (var i = 0; i < 20_000; i++)
        {
            if (Configs.Faults(RandomObject(random, depth: 0).ToJsonString()).Count == 0) plans++;
        }

        Assert.InRange(plans, 50, 19_950);
    }

    private static JsonObject RandomObject(Random random, int depth)
    {
        var members = new JsonObject();
        if (random.Next(2) == 0) members["provider"] = "openai";
        if (random.Next(3) == 0) members["strategy"] = new JsonObject { ["mode"] = ConfigMembers.Modes[random.Next(4)] };
        for (var i = random.Next(4); i > 0; i--)
        {
            var name = random.Next(3) == 0 && depth < 5 ? "targets" : Names[random.Next(Names.Length)];
            members[name] = depth >= 5 || random.Next(2) == 0
                ? JsonNode.Parse(Values[random.Next(Values.Length)])
                : name == "targets" ? new JsonArray(RandomObject(random, depth + 1), RandomObject(random, depth + 1)) : RandomObject(random, depth + 1);
        }

        return members;
    }
}
