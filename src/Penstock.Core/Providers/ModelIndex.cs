namespace Penstock.Providers;

/// <summary>Which provider a model's name means.</summary>
internal static class ModelIndex
{
    /// <summary>
    /// Splits <c>provider/model</c> at the first slash, if what stands left of it is a known id: <c>@cf/meta/llama</c> and
    /// <c>meta-llama/llama-3</c> stay whole.
    /// </summary>
    public static (string Provider, string Model)? Split(string name, Catalogue catalogue)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == name.Length - 1 || catalogue.Find(name.AsSpan(0, slash)) is not { } row) return null;
        return (row.Id, name[(slash + 1)..]);
    }

    /// <summary>Whether the provider is known to serve the model, by its row or by the list that Penstock ships.</summary>
    public static bool Lists(ProviderRow row, string model) => row.Models.Contains(model) || ShippedModels.Of(row.Id).Set.Contains(model);

    /// <summary>The row's own models first, then the shipped ones.</summary>
    public static IReadOnlyList<string> ModelsOf(ProviderRow row)
    {
        var shipped = ShippedModels.Of(row.Id);
        return row.Models.IsEmpty ? shipped.Names
            : [.. row.Models, .. shipped.Names.Where(name => !row.Models.Contains(name))];
    }
}
