using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Penstock.Auth;
using Penstock.Json;
using Penstock.Providers;

namespace Penstock.Config;

/// <summary>Reads the members of a target that are options of its provider.</summary>
internal static class LeafOptionReader
{
    /// <param name="row">Null when the provider is unknown, which is a fault already.</param>
    /// <returns>Values by their canonical names.</returns>
    public static FrozenDictionary<string, string> Read(ConfigObject node, ProviderRow? row, Compilation compilation)
    {
        var spellings = new Dictionary<string, string>(StringComparer.Ordinal);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (member, part) in node.Others)
        {
            if (row is null || Find(row, member) is not { } option) continue;
            if (!spellings.TryAdd(option.Name, member)) node.FaultOther(member, $"'{spellings[option.Name]}' and '{member}' are the same option of {row.Id}. Give it once.");
            else if (ReadValue(node, member, part, row.UrlOptions.Contains(option.Name), compilation.Scope) is { } value) values[option.Name] = value;
        }

        return values.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The options of all rows, for a target whose provider the request names. One spelling may be known to several.</summary>
    public static FrozenDictionary<string, string> ReadForAnyRow(ConfigObject node, Compilation compilation)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var byAlias = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (member, part) in node.Others)
        {
            var names = new Dictionary<string, bool>(StringComparer.Ordinal);
            foreach (var row in compilation.Scope.Catalogue.Rows)
            {
                if (Find(row, member) is not { } option) continue;
                names[option.Name] = names.GetValueOrDefault(option.Name) || row.UrlOptions.Contains(option.Name);
            }

            if (names.Count == 0 || ReadValue(node, member, part, names.ContainsValue(true), compilation.Scope) is not { } value) continue;
            foreach (var name in names.Keys) (MemberNames.IsSpelling(member, name) ? values : byAlias)[name] = value;
        }

        foreach (var (name, value) in byAlias) values.TryAdd(name, value);
        return values.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static ProviderOption? Find(ProviderRow row, string member)
    {
        foreach (var (_, option) in row.Options)
        {
            if (MemberNames.IsSpelling(member, option.Name) || option.Aliases.Any(alias => MemberNames.IsSpelling(member, alias))) return option;
        }

        return null;
    }

    /// <summary>Options end in URLs and headers as text; an object, such as a service account, is kept as its JSON.</summary>
    private static string? ReadValue(ConfigObject node, string member, JsonPart part, bool isUrl, ConfigScope scope)
    {
        var value = part.Kind switch
        {
            JsonValueKind.String or JsonValueKind.Number => part.Text!,
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Object => Encoding.UTF8.GetString(part.ToUtf8()),
            _ => null,
        };
        if (value is null)
        {
            node.FaultOther(member, ConfigObject.Expected("a string, a number, true or false", part));
        }
        else if (!HeaderGate.IsSafe(value))
        {
            node.FaultOther(member, $"The value of '{member}' holds control characters, such as a line break. Take them out.");
        }
        else if (isUrl && scope.CheckHost(value) is { } fault)
        {
            node.FaultOther(member, $"The option '{member}' {fault}");
        }
        else
        {
            return value;
        }

        return null;
    }
}
