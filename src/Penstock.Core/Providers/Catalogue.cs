using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Penstock.Providers;

/// <summary>All provider rows by id.</summary>
public sealed class Catalogue
{
    private readonly FrozenDictionary<string, ProviderRow> _rows;

    public Catalogue(IEnumerable<ProviderRow> rows) => _rows = rows.ToFrozenDictionary(row => row.Id, StringComparer.Ordinal);

    /// <summary>The rows that Penstock ships.</summary>
    public static Catalogue BuiltIn { get; } = new([]);

    public ImmutableArray<ProviderRow> Rows => _rows.Values;

    public ProviderRow? Find(string id) => _rows.GetValueOrDefault(id);

    public string? Suggest(string id) => Find(id)?.Id;
}
