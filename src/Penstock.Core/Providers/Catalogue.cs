using System.Collections.Frozen;
using System.Collections.Immutable;
using Penstock.Json;

namespace Penstock.Providers;

/// <summary>All provider rows by id.</summary>
internal sealed class Catalogue
{
    private readonly FrozenDictionary<string, ProviderRow> _rows;
    private readonly FrozenDictionary<string, ProviderRow>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public Catalogue(IEnumerable<ProviderRow> rows)
    {
        _rows = rows.ToFrozenDictionary(row => row.Id, StringComparer.Ordinal);
        _bySpan = _rows.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The rows that Penstock ships, read at first use.</summary>
    public static Catalogue BuiltIn { get; } = ReadBuiltIn();

    public ImmutableArray<ProviderRow> Rows => _rows.Values;

    public ProviderRow? Find(string id) => _rows.GetValueOrDefault(id);

    public ProviderRow? Find(ReadOnlySpan<char> id) => _bySpan.TryGetValue(id, out var row) ? row : null;

    /// <summary>These rows and the others; of two with one id the other wins, so that a user can replace one of ours.</summary>
    public Catalogue With(IEnumerable<ProviderRow> rows)
    {
        var all = _rows.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        foreach (var row in rows) all[row.Id] = row;
        return new Catalogue(all.Values);
    }

    /// <summary>What to say about an id that is none of these.</summary>
    public string Unknown(string id) =>
        $"Unknown provider '{ShortText.Of(id)}'. {(Suggest(id) is { } near ? $"Did you mean '{near}'?" : "The known ones are in docs/providers.md; your own go into penstock.json.")}";

    /// <summary>The id that somebody meant who wrote this one; null when there is none.</summary>
    public string? Suggest(string id)
    {
        var plain = Spelling.Plain(id);
        if (plain.Length == 0) return null;
        var rows = Rows.OrderBy(row => row.Id, StringComparer.Ordinal).ToArray();
        return rows.FirstOrDefault(row => Spelling.Plain(row.Id) == plain || row.OtherNames.Any(name => Spelling.Plain(name) == plain))?.Id
            ?? Spelling.Nearest(id, rows.Select(row => row.Id))
            ?? NearestOtherName(id, rows);
    }

    private static string? NearestOtherName(string id, ProviderRow[] rows) =>
        Spelling.Nearest(id, rows.SelectMany(row => row.OtherNames)) is { } name ? rows.First(row => row.OtherNames.Contains(name)).Id : null;

    private static Catalogue ReadBuiltIn()
    {
        var faults = new JsonFaults();
        var rows = new List<ProviderRow>();
        foreach (var (id, part) in JsonText.Parse(Resources.Read("catalogue.json")).Root.Members)
        {
            if (ProviderRowReader.Read(id, part, faults, id, isCustom: false) is { } row) rows.Add(row);
        }

        return faults.Any
            ? throw new InvalidDataException("The built-in catalogue has faults: " + string.Join(" ", faults.All.Select(fault => $"{fault.Path}: {fault.Message}")))
            : new Catalogue(rows);
    }
}
