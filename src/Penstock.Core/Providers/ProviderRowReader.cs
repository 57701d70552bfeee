using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Penstock.Json;

namespace Penstock.Providers;

/// <summary>Reads a provider row, strictly: an unknown member is a fault. docs/custom-providers.md describes the members.</summary>
internal static class ProviderRowReader
{
    /// <summary>Headers that belong to the connection or the body, and those that carry keys.</summary>
    private static readonly FrozenSet<string> ReservedHeaders = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Authorization", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Cookie", "Expect", "Host", "Transfer-Encoding", "Upgrade");

    private static readonly ImmutableArray<string> VariantMembers =
        ["base_url", "path_prefix", "proxy_base_url", "query", "auth", "headers", "operations", "offers", "quirks"];

    private static readonly ImmutableArray<string> Members =
        [.. VariantMembers, "name", "other_names", "environment_keys", "options", "variants", "models", "retired"];

    /// <summary>Whether a header is the connection's or the body's, so that no key can travel in it.</summary>
    public static bool IsOfConnection(string name) => ReservedHeaders.Contains(name) && !name.Equals("Authorization", StringComparison.OrdinalIgnoreCase);

    /// <param name="id">The wire id.</param>
    /// <param name="path">Where the row stands in its document, keys joined by commas.</param>
    /// <param name="isCustom">A row of the user's: its key is optional and its address required.</param>
    /// <returns>The row, or null when it has faults; they are all in <paramref name="faults"/>.</returns>
    public static ProviderRow? Read(string id, JsonPart part, JsonFaults faults, string path, bool isCustom)
    {
        var before = faults.All.Count;
        if (!IsId(id)) faults.Add(path, $"'{ShortText.Of(id)}' is no provider id: lower-case letters, digits, '-', '.' and '_' were expected, a letter or digit first.", part);
        var row = ReadMembers(id, part, faults, path, isCustom);
        if (part.Kind == JsonValueKind.Object) row = row with { Variants = ReadVariants(row, part, faults, path, isCustom) };
        return faults.All.Count == before ? row : null;
    }

    private static bool IsId(string id) =>
        id.Length > 0
        && char.IsAsciiLetterOrDigit(id[0])
        && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' or '_');

    private static ProviderRow ReadMembers(string id, JsonPart part, JsonFaults faults, string path, bool isCustom)
    {
        var members = new StrictObject(part, path, faults, Members);
        var options = OptionReader.Read(members, faults);
        var templates = new RowTemplates(options);
        var auth = new AuthReader(options, faults);
        if (isCustom && members["base_url"] is null && part.Kind == JsonValueKind.Object) members.Fault("base_url", "A provider needs a 'base_url', such as 'https://api.example.com/v1'.");
        return new ProviderRow
        {
            Id = id,
            Name = members.Text("name") ?? id,
            OtherNames = members.Texts("other_names") ?? [],
            BaseUrl = templates.Base(members, "base_url"),
            PathPrefix = Prefix(members, templates),
            ProxyBaseUrl = templates.Base(members, "proxy_base_url"),
            Query = templates.Query(members, "query"),
            Auth = members["auth"] is { } rules ? auth.Read(rules, members.PathOf("auth")) : [new AuthRule(AuthKind.Bearer, "Bearer", Optional: isCustom)],
            EnvironmentKeys = EnvironmentKeys(members),
            Options = options,
            UrlOptions = [.. options.Values.Where(option => option.IsUrl).Select(option => option.Name)],
            Headers = Headers(members, templates, faults),
            Operations = new OperationReader(templates, auth, faults).Read(members),
            Quirks = members["quirks"] is { } quirks ? QuirksReader.Read(quirks, members.PathOf("quirks"), templates, faults) : Quirks.None,
            Models = members.Texts("models") ?? [],
            Retired = members.Text("retired"),
            IsCustom = isCustom,
        };
    }

    private static string Prefix(StrictObject members, RowTemplates templates)
    {
        var text = members.Text("path_prefix")?.TrimEnd('/');
        if (text is null || templates.Path(members, "path_prefix", text) is null) return "";
        if (text.Contains('?', StringComparison.Ordinal)) members.Fault("path_prefix", "A prefix has no query.");
        return text;
    }

    private static ImmutableArray<string> EnvironmentKeys(StrictObject members)
    {
        var names = members.Texts("environment_keys") ?? [];
        foreach (var name in names)
        {
            if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')) members.Fault("environment_keys", $"'{ShortText.Of(name)}' is no name of an environment variable, such as ACME_API_KEY. The key itself does not belong here.");
        }

        return names;
    }

    private static ImmutableArray<HeaderTemplate> Headers(StrictObject members, RowTemplates templates, JsonFaults faults)
    {
        var pairs = members.Pairs("headers");
        if (pairs.IsEmpty) return [];
        var headers = new StrictObject(members["headers"]!, members.PathOf("headers"), faults, [.. members.Members("headers").Select(member => member.Key)]);
        var read = ImmutableArray.CreateBuilder<HeaderTemplate>();
        foreach (var (name, text) in pairs)
        {
            if (ReservedHeaders.Contains(name)) headers.Fault(name, $"The header '{name}' is not a row's to set. How the key travels is said in 'auth'.");
            else if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) headers.Fault(name, $"'{ShortText.Of(name)}' is no name of a header: letters, digits, '-' and '_' were expected.");
            else if (templates.Header(headers, name, text) is { } template) read.Add(new HeaderTemplate(name, template));
        }

        return read.ToImmutable();
    }

    /// <summary>A variant is the row with some members replaced: the two are laid over each other and read again.</summary>
    private static ImmutableArray<RowVariant> ReadVariants(ProviderRow row, JsonPart part, JsonFaults faults, string path, bool isCustom)
    {
        if (part["variants"] is not { IsNull: false } list) return [];
        path = JsonFaults.Join(path, "variants");
        if (list.Kind != JsonValueKind.Array)
        {
            faults.Add(path, "A list of objects was expected here.", list);
            return [];
        }

        var variants = ImmutableArray.CreateBuilder<RowVariant>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            var members = new StrictObject(list.Items[i], JsonFaults.Join(path, i), faults, "when", "set");
            if (members.Text("when") is not { } when)
            {
                members.Fault("when", "A variant needs a 'when', such as 'api_version=v1'.");
                continue;
            }

            var condition = when.Split('=', 2);
            if (!row.Options.ContainsKey(condition[0])) members.Fault("when", $"There is no option '{ShortText.Of(condition[0])}': declare it in 'options'.");
            if (ReadVariant(row.Id, part, members, faults, isCustom) is { } variant) variants.Add(new RowVariant(condition[0], [.. condition.Skip(1)], variant));
        }

        return variants.ToImmutable();
    }

    private static ProviderRow? ReadVariant(string id, JsonPart row, StrictObject variant, JsonFaults faults, bool isCustom)
    {
        var path = variant.PathOf("set");
        if (variant["set"] is not { } set)
        {
            variant.Fault("set", "A variant needs a 'set' with the members that differ.");
            return null;
        }

        _ = new StrictObject(set, path, faults, VariantMembers);
        var merged = row.Members.Where(member => member.Key != "variants" && set[member.Key] is null).Concat(set.Members.Where(member => VariantMembers.Contains(member.Key)));
        var found = new JsonFaults();
        var read = ReadMembers(id, new JsonPart(JsonValueKind.Object, set.Offset, members: [.. merged]), found, path, isCustom);
        foreach (var fault in found.All)
        {
            // The row's own members have been judged already.
            if (set.Members.Any(member => IsBelow(fault.Path, JsonFaults.Join(path, member.Key)))) faults.Add(fault.Path, fault.Message, fault.Part);
        }

        return read;
    }

    private static bool IsBelow(string path, string parent) =>
        path.StartsWith(parent, StringComparison.Ordinal) && (path.Length == parent.Length || path[parent.Length] == ',');
}
