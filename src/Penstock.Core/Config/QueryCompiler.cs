using System.Collections.Immutable;
using System.Text.Json;
using Penstock.Config.Conditions;
using Penstock.Json;

namespace Penstock.Config;

/// <summary>Compiles the query of a condition. All its members must hold, whatever their order.</summary>
internal sealed class QueryCompiler(Compilation compilation)
{
    private readonly TestCompiler _tests = new(compilation);

    /// <returns>Null when there are faults.</returns>
    public Condition? Compile(JsonPart query, string path)
    {
        if (query.Kind != JsonValueKind.Object) return Fault(path, ConfigObject.Expected("an object", query), query);
        return Join(query.Members.Select(member => CompileMember(member.Key, member.Value, JsonFaults.Join(path, member.Key))), isAll: true);
    }

    private Condition? CompileMember(string key, JsonPart value, string path) => key switch
    {
        "$and" or "$or" => CompileList(value, path, isAll: key == "$and"),
        "$not" => Compile(value, path) is { } part ? new NotOf(part) : null,
        ['$', ..] => Fault(path, $"Unknown operator '{ShortText.Of(key)}'. Queries are joined by {string.Join(", ", ConfigMembers.QueryOperators)}; the others stand below what they judge.", value),
        _ => CompileFact(key, value, path),
    };

    private Condition? CompileList(JsonPart list, string path, bool isAll) =>
        list.Kind == JsonValueKind.Array
            ? Join(list.Items.Select((item, i) => Compile(item, JsonFaults.Join(path, i))), isAll)
            : Fault(path, ConfigObject.Expected("an array of queries", list), list);

    private FactCondition? CompileFact(string key, JsonPart value, string path)
    {
        var fact = FactPath.Parse(key, out var fault);
        if (fault is not null) compilation.Faults.Add(path, fault, value);
        var tests = _tests.Compile(value, path);
        return fact is null || tests is null ? null : new FactCondition(fact, tests.Value);
    }

    /// <summary>Compiles every part, so that all faults are found.</summary>
    private static Condition? Join(IEnumerable<Condition?> compiled, bool isAll)
    {
        ImmutableArray<Condition?> parts = [.. compiled];
        if (parts.Contains(null)) return null;
        ImmutableArray<Condition> whole = [.. parts!];
        return whole.Length == 1 ? whole[0] : isAll ? new AllOf(whole) : new AnyOf(whole);
    }

    private Condition? Fault(string path, string message, JsonPart part)
    {
        compilation.Faults.Add(path, message, part);
        return null;
    }
}
