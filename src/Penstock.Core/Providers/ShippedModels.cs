using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace Penstock.Providers;

/// <summary>The models of one provider.</summary>
/// <param name="Names">In the order of the file.</param>
/// <param name="Set">The same, to look one up.</param>
internal sealed record ModelNames(ImmutableArray<string> Names, FrozenSet<string> Set)
{
    public static ModelNames None { get; } = new([], []);
}

/// <summary>
/// <c>models.json</c>: the names of models by provider. A provider's names are read when first asked for, so that a start
/// costs nothing and a request only what it needs.
/// </summary>
internal static class ShippedModels
{
    private static readonly Lazy<byte[]> File = new(() => Resources.Read("models.json"));

    private static readonly Lazy<FrozenDictionary<string, Range>> Places = new(FindPlaces);

    private static readonly ConcurrentDictionary<string, ModelNames> Known = new(StringComparer.Ordinal);

    public static ModelNames Of(string provider) => Known.TryGetValue(provider, out var known) ? known : Read(provider);

    private static ModelNames Read(string provider)
    {
        if (!Places.Value.TryGetValue(provider, out var place)) return ModelNames.None;
        var names = ImmutableArray.CreateBuilder<string>();
        var reader = new Utf8JsonReader(File.Value.AsSpan(place));
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String) names.Add(reader.GetString()!);
        }

        var list = names.ToImmutable();
        return Known.GetOrAdd(provider, new ModelNames(list, list.ToFrozenSet(StringComparer.Ordinal)));
    }

    /// <summary>Where each provider's array stands; the arrays are only skipped.</summary>
    private static FrozenDictionary<string, Range> FindPlaces()
    {
        var places = new Dictionary<string, Range>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(File.Value);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var provider = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            places[provider] = start..(int)reader.BytesConsumed;
        }

        return places.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
