using System.Text.Json.Nodes;
using Penstock.Config;
using Penstock.Dialects.OpenAi;

namespace Penstock.Core.Tests.Dialects.OpenAi;

public sealed class PathRemoverTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2}""", "a", """{"b":2}""")]
    [InlineData("""{"a":{"b":1,"c":2},"d":3}""", "a.b", """{"a":{"c":2},"d":3}""")]
    [InlineData("""{"a":{"b":1 , "c":2},"d":3}""", "a.c", """{"a":{"b":1},"d":3}""")]
    [InlineData("""{"a":{"b":1}}""", "a.b", """{"a":{}}""")]
    [InlineData("""{"a":[1,2,3]}""", "a[1]", """{"a":[1,3]}""")]
    [InlineData("""{"a":[1,2,3]}""", "a[*]", """{"a":[]}""")]
    [InlineData("""{"a":[1,2,3]}""", "a[0] a[1]", """{"a":[3]}""")]
    [InlineData("""{"a":[1,2,3]}""", "a[2] a[0]", """{"a":[2]}""")]
    [InlineData("""{"messages":[{"name":"n","x":1},{"role":"r","name":"m"},7,{"name":0}]}""", "messages[*].name", """{"messages":[{"x":1},{"role":"r"},7,{}]}""")]
    [InlineData("""{"a":{"b":{"c":1,"d":2},"e":3}}""", "a.b.c a.e a.b.x", """{"a":{"b":{"d":2}}}""")]
    [InlineData("""{"a":{"b":{"c":1}}}""", "a.b a.b.c", """{"a":{}}""")]
    [InlineData("""{"a":{"b":{"c":1},"d":{"c":1}}}""", "a.b a.d.c", """{"a":{"d":{}}}""")]
    [InlineData("""{"a":{"x y":1,"b":"\ud800"}}""", """a["x_y"]""", """{"a":{"b":"\ud800"}}""")]
    [InlineData("""{"a":{"\u0062":1,"\ud800":2}}""", "a.b", """{"a":{"\ud800":2}}""")]
    [InlineData("""{"a":{"b":1,"b":2,"c":3}}""", "a.b", """{"a":{"c":3}}""")]
    [InlineData("""{"a":{"b":1}}""", "a a.b", "{}")]
    [InlineData("""{"a":"text","b":[{"c":1}],"d":{"0":1}}""", "a.b b.c d[0] x.y", """{"a":"text","b":[{"c":1}],"d":{"0":1}}""")]
    public void Cuts_paths_out_of_a_body(string body, string paths, string expected)
    {
        var parsed = paths.Split(' ').Select(path => ParamPath.Parse(path.Replace('_', ' ')));

        Assert.Equal(expected, Shaping.Shape(body, editor => PathRemover.Remove(editor, [.. parsed])));
    }

    [Fact]
    public void Takes_as_many_paths_into_one_value_as_a_config_may_have()
    {
        var members = Enumerable.Range(0, ParamPath.MaxBelowTop + 1).Select(i => $"\"m{i}\":{i}");
        var paths = Enumerable.Range(0, ParamPath.MaxBelowTop).Select(i => ParamPath.Parse($"a.m{i}"));

        var body = "{\"a\":{" + string.Join(',', members) + "}}";
        Assert.Equal("""{"a":{"m64":64}}""", Shaping.Shape(body, editor => PathRemover.Remove(editor, [.. paths])));
    }

    [Fact]
    public void Agrees_with_a_document_model_on_random_paths()
    {
        var random = new Random(7);
        for (var round = 0; round < 2000; round++)
        {
            var body = new JsonObject { ["a"] = RandomNode(random, 4), ["b"] = RandomNode(random, 3) };
            var path = ParamPath.Parse(RandomPath(random));
            var text = Shaping.Shape(body.ToJsonString(), editor => PathRemover.Remove(editor, [path]));

            Remove(body, path.Steps, 0);
            Assert.True(JsonNode.DeepEquals(body, JsonNode.Parse(text)), $"{path.Text}: {text}, not {body.ToJsonString()}");
        }
    }

    private static JsonNode RandomNode(Random random, int depth)
    {
        if (depth == 0 || random.Next(5) == 0) return random.Next(9);
        if (random.Next(2) == 0) return new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomNode(random, depth - 1))]);
        var members = new JsonObject();
        foreach (var name in random.GetItems(["a", "b", "c"], random.Next(4)).Distinct()) members[name] = RandomNode(random, depth - 1);
        return members;
    }

    private static string RandomPath(Random random) =>
        string.Concat(random.GetItems(["a", "b"], 1).Concat(random.GetItems([".a", ".b", ".c", "[0]", "[1]", "[*]"], random.Next(4))));

    private static void Remove(JsonNode? node, IReadOnlyList<PathStep> steps, int depth)
    {
        var step = steps[depth];
        var isLast = depth == steps.Count - 1;
        if (node is JsonObject members && step.Name is { } name)
        {
            if (isLast) members.Remove(name);
            else Remove(members[name], steps, depth + 1);
        }
        else if (node is JsonArray items && step.Name is null)
        {
            for (var i = items.Count - 1; i >= 0; i--)
            {
                if ((step.Index ?? i) != i) continue;
                if (isLast) items.RemoveAt(i);
                else Remove(items[i], steps, depth + 1);
            }
        }
    }
}
