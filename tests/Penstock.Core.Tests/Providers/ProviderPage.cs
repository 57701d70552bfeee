using System.Collections.Immutable;
using System.Text;
using Penstock.Providers;

namespace Penstock.Core.Tests.Providers;

/// <summary>Writes <c>docs/providers.md</c> from the catalogue.</summary>
internal static class ProviderPage
{
    private static readonly (string Title, Operation[] Operations)[] Columns =
    [
        ("chat", [Operation.Chat]),
        ("completions", [Operation.Completion]),
        ("embeddings", [Operation.Embedding]),
        ("responses", [Operation.Responses]),
        ("messages", [Operation.Messages]),
        ("images", [Operation.Image]),
        ("speech", [Operation.Speech]),
        ("transcription", [Operation.Transcription]),
        ("rerank", [Operation.Rerank]),
        ("more", [Operation.ImageEdit, Operation.ImageVariation, Operation.Translation, Operation.Moderation, Operation.Files, Operation.Batches, Operation.FineTuning]),
    ];

    public static string Render(IEnumerable<ProviderRow> catalogue)
    {
        var rows = catalogue.OrderBy(row => row.Id, StringComparer.Ordinal).ToImmutableArray();
        var living = rows.Where(row => row.Retired is null).ToImmutableArray();
        var page = new StringBuilder("""
            # Providers

            This page is made from the catalogue: `UPDATE_DOCS=1` and the tests of `Penstock.Core` write it anew. A provider that is
            missing takes a few lines in `penstock.json`: see [Providers of your own](custom-providers.md).

            Name a provider by its id: in the header `x-portkey-provider`, as `provider` in a config, or as `id/model`. Any path of a
            provider's own API can be reached below `/v1/proxy/`: `/v1/proxy/v1/messages` of `anthropic` is
            `https://api.anthropic.com/v1/messages`.

            ## What they offer

            Requests and answers keep the shape of the OpenAI API, but for `messages`, which is Anthropic's, and `rerank`, which is
            the provider's own. A request for anything else is refused before it is sent.


            """.ReplaceLineEndings("\n"));
        AppendOffers(page, [.. living.Where(OffersAny)]);
        page.Append("\n## By pass-through alone\n\nThese have an API of another shape: `/v1/proxy/` reaches it, the routes of the OpenAI API do not.\n\n");
        foreach (var row in living.Where(row => !OffersAny(row))) page.Append($"- `{row.Id}` {row.Name}{Condition(row)}\n");
        page.Append("\n## Keys and options\n\nThe environment variable is the gateway's, and serves requests from this machine alone. An option is a member of a\nconfig's target, or the header behind it.\n\n");
        AppendSettings(page, living);
        page.Append("\n## No longer there\n\nTheir ids are still known, so that configs stay valid and a custom host can stand in.\n\n");
        foreach (var row in rows.Where(row => row.Retired is not null)) page.Append($"- `{row.Id}` {row.Name}: {row.Retired}\n");
        return page.ToString();
    }

    private static bool OffersAny(ProviderRow row) => OperationFacts.All.Any(facts => facts.Operation != Operation.Models && row.Addresses[facts.Operation].IsOffered);

    private static void AppendOffers(StringBuilder page, ImmutableArray<ProviderRow> rows)
    {
        page.Append($"| id | provider | {string.Join(" | ", Columns.Select(column => column.Title))} |\n");
        page.Append($"| --- | --- |{string.Concat(Columns.Select(column => column.Operations.Length == 1 ? " :-: |" : " --- |"))}\n");
        foreach (var row in rows) page.Append($"| `{row.Id}` | {row.Name} | {string.Join(" | ", Columns.Select(column => Cell(row, column.Operations)))} |\n");
    }

    private static string Cell(ProviderRow row, Operation[] operations) =>
        operations is [var only]
            ? row.Addresses[only].IsOffered ? "✓" : ""
            : string.Join(", ", OperationFacts.All.Where(facts => operations.Contains(facts.Operation) && row.Addresses[facts.Operation].IsOffered).Select(facts => facts.Words));

    private static void AppendSettings(StringBuilder page, ImmutableArray<ProviderRow> rows)
    {
        page.Append("| id | how the key travels | environment variable | options |\n| --- | --- | --- | --- |\n");
        foreach (var row in rows)
        {
            var operations = row.Operations
                .Where(pair => pair.Value is { IsOffered: true, Auth: not null })
                .GroupBy(pair => Keys(pair.Value.Auth!.Value), pair => OperationFacts.All.First(facts => facts.Operation == pair.Key))
                .Select(group => $"; for {string.Join(", ", group.OrderBy(facts => facts.Operation).Select(facts => facts.Words))}: {group.Key}");
            var options = row.Options.Values.OrderBy(option => option.Name, StringComparer.Ordinal).Select(Option);
            page.Append($"| `{row.Id}` | {Keys(row.Auth)}{string.Concat(operations)} | {string.Join(" or ", row.EnvironmentKeys.Select(name => $"`{name}`"))} | {string.Join("<br>", options)} |\n");
        }
    }

    private static string Condition(ProviderRow row) =>
        row.BaseUrl is null ? ": needs a custom host"
        : row.Auth.All(rule => rule.Kind == AuthKind.Unsupported) ? ": cannot be called yet, since its requests must be signed"
        : "";

    private static string Keys(ImmutableArray<AuthRule> rules) => string.Join(
        "; ",
        rules.GroupBy(Way).Select(group => string.Join(" with ", new[] { group.Key, string.Join(" or ", group.Where(rule => rule.When is not null).Select(rule => $"`{rule.When}`")) }.Where(text => text.Length > 0))));

    private static string Way(AuthRule rule)
    {
        var way = rule.Kind switch
        {
            AuthKind.Bearer => $"`Authorization: {rule.Name}`",
            AuthKind.Header => $"`{rule.Name}`",
            AuthKind.Query => $"`?{rule.Name}=`",
            AuthKind.None => "no key",
            _ => "**not supported yet**",
        };
        return way + (rule.Optional ? ", optional" : "");
    }

    private static string Option(ProviderOption option)
    {
        var headers = option.Headers.IsEmpty ? "" : $" ({string.Join(", ", option.Headers.Select(name => $"`{name}`"))})";
        var aliases = option.Aliases.IsEmpty ? "" : $", also {string.Join(", ", option.Aliases.Select(name => $"`{name}`"))}";
        return $"`{option.Name}`{headers}{aliases}{(option.Default is { } value ? $", default `{value}`" : "")}";
    }
}
