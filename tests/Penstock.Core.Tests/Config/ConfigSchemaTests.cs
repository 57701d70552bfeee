using System.Text.Json;
using Penstock.Config;
using Penstock.Tests;

namespace Penstock.Core.Tests.Config;

/// <summary>The published schema and the compiler say the same.</summary>
public sealed class ConfigSchemaTests
{
    private static readonly JsonElement Definitions =
        JsonDocument.Parse(File.ReadAllText(Repository.PathTo("schemas/config.schema.json"))).RootElement.GetProperty("$defs");

    public static TheoryData<string> Objects { get; } = ["config", "strategy", "condition", "retry", "cache", "timeouts", "query", "test"];

    [Theory]
    [MemberData(nameof(Objects))]
    public void Has_every_member_of_the_compiler_and_no_other(string definition)
    {
        var known = definition switch
        {
            "config" => ConfigMembers.Config.All,
            "strategy" => ConfigMembers.Strategy.All,
            "condition" => ConfigMembers.Condition.All,
            "retry" => ConfigMembers.Retry.All,
            "cache" => ConfigMembers.Cache.All,
            "timeouts" => ConfigMembers.Timeouts.All,
            "query" => ConfigMembers.QueryOperators,
            _ => ConfigMembers.ValueOperators,
        };

        Assert.Equal(known.Order(StringComparer.Ordinal), Properties(definition).Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public void The_compiler_refuses_what_the_schema_refuses(string definition)
    {
        foreach (var property in Properties(definition))
        {
            if (Refused(property.Value) is not { } wrong) continue;
            var member = $"\"{property.Name}\":{wrong}";
            var (config, path) = definition switch
            {
                "config" => ($"{{{member}}}", ""),
                "strategy" => ($$"""{"strategy":{ {{member}} },"targets":[{"provider":"openai"}]}""", "strategy,"),
                "condition" => ($$$"""{"strategy":{"mode":"conditional","conditions":[{ {{{member}}} }]},"targets":[{"provider":"openai"}]}""", "strategy,conditions,0,"),
                "query" => (Queries.Config($"{{{member}}}"), "strategy,conditions,0,query,"),
                "test" => (Queries.Config($$$"""{"params.x":{ {{{member}}} } }"""), "strategy,conditions,0,query,params.x,"),
                _ => ($$$"""{"{{{definition}}}":{ {{{member}}} } }""", definition + ","),
            };

            Assert.Contains(Configs.Faults(config), fault => fault.Path == path + property.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public void Every_member_is_described(string definition) =>
        Assert.All(Properties(definition), property => Assert.True(
            property.Value.TryGetProperty("description", out var text) || Resolve(property.Value).TryGetProperty("description", out text),
            property.Name));

    [Fact]
    public void Offers_the_compilers_modes() =>
        Assert.Equal(ConfigMembers.Modes, Definitions.GetProperty("strategy").GetProperty("properties").GetProperty("mode").GetProperty("enum").EnumerateArray().Select(mode => mode.GetString()!));

    private static JsonElement.ObjectEnumerator Properties(string definition) => Definitions.GetProperty(definition).GetProperty("properties").EnumerateObject();

    private static JsonElement Resolve(JsonElement schema) =>
        schema.TryGetProperty("$ref", out var reference) ? Resolve(Definitions.GetProperty(reference.GetString()!["#/$defs/".Length..])) : schema;

    /// <summary>A value that the schema does not admit; null when it admits everything.</summary>
    private static string? Refused(JsonElement property)
    {
        var schema = Resolve(property);
        if (schema.TryGetProperty("enum", out _) || schema.TryGetProperty("const", out _)) return "\"zzz\"";
        if (!schema.TryGetProperty("type", out var type)) return null;
        return (type.ValueKind == JsonValueKind.Array ? type[0].GetString() : type.GetString()) switch
        {
            "string" or "number" when type.ValueKind == JsonValueKind.Array => "{}", // literal, limit
            "string" => "5",
            _ => "\"zzz\"",
        };
    }
}
