using Penstock.Auth;
using Penstock.Json;
using Penstock.Providers;

namespace Penstock.Pipeline;

/// <summary>Finds the provider of a request that names none: by <c>provider/model</c>, or by the one that lists the model.</summary>
internal sealed class ProviderChoice(EnvironmentKeys environment)
{
    /// <param name="model">The model as the request names it, or null.</param>
    /// <param name="bareModel">The model as the provider knows it.</param>
    public bool TryChoose(Exchange exchange, string? model, out ProviderRow? row, out string? bareModel, out GatewayError? problem)
    {
        row = null;
        bareModel = model;
        problem = null;
        var catalogue = exchange.Snapshot.Catalogue;
        if (model is not null && ModelIndex.Split(model, catalogue) is var (provider, rest))
        {
            row = catalogue.Find(provider);
            bareModel = rest;
            return true;
        }

        var configured = Configured(catalogue);
        var candidates = model is null ? configured : [.. configured.Where(candidate => ModelIndex.Lists(candidate, model))];
        if (candidates.Count == 0 && configured.Count == 1) candidates = configured;
        switch (candidates.Count)
        {
            case 1:
                row = candidates[0];
                return true;
            case 0:
                problem = Unknown(model);
                return false;
            default:
                problem = model is null
                    ? Unknown(null)
                    : GatewayError.BadRequest(
                        $"The model '{ShortText.Of(model)}' is served by several providers. Name one: {string.Join(", ", candidates.Select(candidate => $"'{candidate.Id}/{model}'"))}.",
                        "model",
                        "ambiguous_model");
                return false;
        }
    }

    /// <summary>Providers that this installation is set up for: with a key in the environment, or the user's own.</summary>
    public IReadOnlyList<ProviderRow> Configured(Catalogue catalogue) =>
        [.. catalogue.Rows.Where(row => row.IsCustom || !environment.For(row.EnvironmentKeys).IsEmpty).OrderBy(row => row.Id, StringComparer.Ordinal)];

    private static GatewayError Unknown(string? model) => GatewayError.BadRequest(
        (model is null ? "The request names no provider." : $"The request names no provider, and no configured provider lists the model '{ShortText.Of(model)}'.")
        + " Send the header 'x-portkey-provider' or 'x-portkey-config', or name the model as 'provider/model', for example 'openai/gpt-4o-mini'.",
        model is null ? null : "model",
        "provider_missing");
}
