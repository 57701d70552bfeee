using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Penstock.Json;

namespace Penstock.Providers;

/// <summary>Reads which operations a provider has, and where those are that have a place or needs of their own.</summary>
internal sealed class OperationReader(RowTemplates templates, AuthReader auth, JsonFaults faults)
{
    public FrozenDictionary<Operation, OperationRow> Read(StrictObject row)
    {
        var operations = new Dictionary<Operation, OperationRow>();
        var names = row.Members("operations").Select(member => member.Key).ToImmutableArray();
        if (!names.IsEmpty)
        {
            // The names are checked like members: this notes a fault for each that is no operation.
            var members = new StrictObject(row["operations"]!, row.PathOf("operations"), faults, OperationFacts.Names);
            foreach (var name in names)
            {
                if (OperationFacts.Find(name) is { } facts && members[name] is { } value) operations[facts.Operation] = ReadOne(members, name, value);
            }
        }

        if (row.Texts("offers") is { } offers) Limit(row, offers, operations);
        return operations.ToFrozenDictionary();
    }

    private OperationRow ReadOne(StrictObject operations, string name, JsonPart value)
    {
        if (value.Kind == JsonValueKind.String) return new OperationRow(templates.Path(operations, name, value.Text));
        var path = operations.PathOf(name);
        var members = new StrictObject(value, path, faults, "path", "base_url", "quirks", "auth");
        return new OperationRow(
            templates.Path(members, "path", members.Text("path")),
            templates.Base(members, "base_url"),
            members["quirks"] is { } quirks ? QuirksReader.Read(quirks, members.PathOf("quirks"), templates, faults) : null,
            Auth: members["auth"] is { } rules ? auth.Read(rules, members.PathOf("auth")) : null);
    }

    /// <summary>What the list does not name is not offered, but for the model list, which nearly all have.</summary>
    private static void Limit(StrictObject row, ImmutableArray<string> offers, Dictionary<Operation, OperationRow> operations)
    {
        foreach (var name in offers)
        {
            if (OperationFacts.Find(name) is not null) continue;
            var hint = Spelling.DidYouMean(name, OperationFacts.Names) ?? $"The known ones are {string.Join(", ", OperationFacts.Names)}.";
            row.Fault("offers", $"There is no operation '{ShortText.Of(name)}'. {hint}");
        }

        foreach (var facts in OperationFacts.All)
        {
            if (facts.Operation == Operation.Models || offers.Contains(facts.Name)) continue;
            if (operations.ContainsKey(facts.Operation)) row.Fault("offers", $"'operations' describes '{facts.Name}', which is not in this list.");
            operations[facts.Operation] = new OperationRow(null, IsOffered: false);
        }
    }
}
