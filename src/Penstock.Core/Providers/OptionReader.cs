using System.Collections.Frozen;
using System.Collections.Immutable;
using Penstock.Json;

namespace Penstock.Providers;

/// <summary>Reads the options that a target may set. An option without members is read from the header of its own name.</summary>
internal static class OptionReader
{
    public static FrozenDictionary<string, ProviderOption> Read(StrictObject row, JsonFaults faults)
    {
        var options = new Dictionary<string, ProviderOption>(StringComparer.Ordinal);
        foreach (var (name, value) in row.Members("options"))
        {
            var path = JsonFaults.Join(row.PathOf("options"), name);
            if (name == Template.Model || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
            {
                faults.Add(path, "An option's name is snake_case, and not 'model'.", value);
                continue;
            }

            var members = new StrictObject(value, path, faults, "headers", "aliases", "default", "url");
            options[name] = new ProviderOption(
                name,
                Headers(members, name),
                members.Texts("aliases") ?? [],
                members.Text("default"),
                members.Flag("url"));
        }

        return options.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static ImmutableArray<string> Headers(StrictObject members, string name)
    {
        if (members.Texts("headers") is not { } headers) return ["x-portkey-" + name.Replace('_', '-')];
        if (headers.All(header => header.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))) return headers;
        members.Fault("headers", "Header names in lower case were expected here.");
        return [];
    }
}
