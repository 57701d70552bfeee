namespace Penstock.Providers;

internal static class ModelIndex
{
    public static (string Provider, string Model)? Split(string name, Catalogue catalogue)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && catalogue.Find(name[..slash]) is not null ? (name[..slash], name[(slash + 1)..]) : null;
    }

    public static bool Lists(ProviderRow row, string model) => row.Models.Contains(model);

    public static IReadOnlyList<string> ModelsOf(ProviderRow row) => row.Models;
}
