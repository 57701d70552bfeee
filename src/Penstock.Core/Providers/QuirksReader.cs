using System.Collections.Immutable;
using Penstock.Json;

namespace Penstock.Providers;

/// <summary>Reads what a provider needs changed in a request body.</summary>
internal static class QuirksReader
{
    public static Quirks Read(JsonPart part, string path, RowTemplates templates, JsonFaults faults)
    {
        var members = new StrictObject(part, path, faults, "rename", "remove", "default", "values", "roles", "model_prefix", "model");
        return new Quirks
        {
            Rename = members.Pairs("rename"),
            Remove = members.Texts("remove") ?? [],
            Default = [.. members.Members("default").Select(member => (member.Key, member.Value.ToUtf8()))],
            Values = Values(members, faults),
            Roles = members.Pairs("roles"),
            ModelPrefix = members.Text("model_prefix"),
            Model = templates.Model(members, "model"),
        };
    }

    /// <summary>One object a member: <c>"tool_choice": {"required": "any"}</c>.</summary>
    private static ImmutableArray<(string, string, string)> Values(StrictObject quirks, JsonFaults faults)
    {
        var names = quirks.Members("values").Select(member => member.Key).ToImmutableArray();
        if (names.IsEmpty) return [];
        var values = new StrictObject(quirks["values"]!, quirks.PathOf("values"), faults, names);
        return [.. names.SelectMany(name => values.Pairs(name).Select(pair => (name, pair.Name, pair.Text)))];
    }
}
