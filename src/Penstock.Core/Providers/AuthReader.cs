using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Penstock.Auth;
using Penstock.Json;

namespace Penstock.Providers;

/// <summary>Reads how a key travels: a word, a rule, or a list of rules of which the first that applies counts.</summary>
internal sealed class AuthReader(FrozenDictionary<string, ProviderOption> options, JsonFaults faults)
{
    private static readonly ImmutableArray<string> Kinds = ["bearer", "header", "query", "none", "unsupported"];

    public ImmutableArray<AuthRule> Read(JsonPart part, string path)
    {
        if (part.Kind != JsonValueKind.Array) return ReadRule(part, path) is { } only ? [only] : [];
        var rules = ImmutableArray.CreateBuilder<AuthRule>();
        for (var i = 0; i < part.Items.Count; i++)
        {
            if (ReadRule(part.Items[i], JsonFaults.Join(path, i)) is { } rule) rules.Add(rule);
        }

        return rules.ToImmutable();
    }

    private AuthRule? ReadRule(JsonPart part, string path)
    {
        if (part.Kind == JsonValueKind.String)
        {
            if (part.Text is "bearer" or "none" or "unsupported") return new AuthRule(KindOf(part.Text), "Bearer");
            faults.Add(path, "'bearer', 'none' or an object was expected here, such as {\"kind\": \"header\", \"name\": \"x-api-key\"}.", part);
            return null;
        }

        var members = new StrictObject(part, path, faults, "kind", "name", "scheme", "key_option", "when", "optional");
        var kind = members.Text("kind") ?? "bearer";
        if (!Kinds.Contains(kind))
        {
            members.Fault("kind", $"There is no kind '{ShortText.Of(kind)}'. The known ones are {string.Join(", ", Kinds)}.");
            return null;
        }

        var name = members.Text("name");
        var isNamed = kind is "header" or "query";
        if (isNamed && name is null) members.Fault("name", $"A key in a {kind} needs the {kind}'s 'name'.");
        if (!isNamed && name is not null) members.Fault("name", $"'name' belongs to the kinds 'header' and 'query', not to '{kind}'. Take it out.");
        var scheme = members.Text("scheme");
        if (name is not null && !IsName(kind, name)) members.Fault("name", $"The name of a {kind} was expected here{(kind == "header" ? ", one that does not belong to the connection or the body" : "")}.");
        if (scheme is not null && !HeaderGate.IsName(scheme)) members.Fault("scheme", "The word before the key was expected here, such as 'Bearer'.");
        return new AuthRule(
            KindOf(kind),
            name ?? scheme ?? "Bearer",
            Declared(members, "key_option", members.Text("key_option")),
            Declared(members, "when", members.Text("when")),
            members.Flag("optional"));
    }

    /// <summary>An option's name, perhaps with a value behind it, if the row declares the option.</summary>
    private string? Declared(StrictObject members, string member, string? text)
    {
        if (text is null || options.ContainsKey(text.Split('=')[0])) return text;
        members.Fault(member, $"There is no option '{ShortText.Of(text.Split('=')[0])}': declare it in 'options'.");
        return null;
    }

    private static bool IsName(string kind, string name) => kind == "header"
        ? HeaderGate.IsName(name) && !ProviderRowReader.IsOfConnection(name)
        : name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~');

    private static AuthKind KindOf(string kind) => kind switch
    {
        "header" => AuthKind.Header,
        "query" => AuthKind.Query,
        "none" => AuthKind.None,
        "unsupported" => AuthKind.Unsupported,
        _ => AuthKind.Bearer,
    };
}
