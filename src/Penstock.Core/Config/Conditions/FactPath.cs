using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Penstock.Json;

namespace Penstock.Config.Conditions;

/// <summary>Where a query looks: <c>metadata.plan</c>, <c>params.messages.0.role</c>, <c>headers.x-team</c>, <c>url.pathname</c>.</summary>
internal sealed class FactPath
{
    /// <summary>What a path may begin with, and what follows there.</summary>
    public const string Roots = "metadata.…, params.…, headers.… or url.pathname";

    private const int MaxSteps = 32;

    private readonly Root _root;
    private readonly string _header;
    private readonly byte[] _path;

    private FactPath(Root root, string rest)
    {
        _root = root;
        _header = rest;
        _path = Encoding.UTF8.GetBytes(rest);
    }

    private enum Root
    {
        Metadata,
        Params,
        Headers,
        PathName,
    }

    /// <returns>Null, and what is wrong with the key.</returns>
    public static FactPath? Parse(string key, out string? fault)
    {
        fault = null;
        if (key == "url.pathname") return new FactPath(Root.PathName, "");
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        var rest = dot < 0 ? "" : key[(dot + 1)..];
        Root? root = dot < 0 ? null : key[..dot] switch
        {
            "metadata" => Root.Metadata,
            "params" => Root.Params,
            "headers" => Root.Headers,
            _ => null,
        };
        if (root is null || rest.Length == 0) fault = $"'{ShortText.Of(key)}' is nothing that a query can look at: that is {Roots}.";
        else if (rest.Count(c => c == '.') >= MaxSteps) fault = $"The path has more than {MaxSteps} steps.";
        return fault is null ? new FactPath(root!.Value, rest) : null;
    }

    public FactValue Read(IRoutingFacts facts) => _root switch
    {
        Root.PathName => new FactValue(facts.PathName),
        Root.Headers => new FactValue(facts.Header(_header)),
        Root.Metadata => Find(facts.Metadata, 0, facts.Budget),
        _ => Find(facts.Params, 0, facts.Budget),
    };

    /// <summary>Names may hold dots: of several readings the longest name that leads to a value counts.</summary>
    private FactValue Find(JsonElement element, int start, WorkBudget budget)
    {
        if (start > _path.Length) return new FactValue(element);
        for (var end = _path.Length; end > start; end = _path.AsSpan(0, end).LastIndexOf((byte)'.'))
        {
            if (!TryStep(element, _path.AsSpan(start..end), budget, out var next)) continue;
            var found = Find(next, end + 1, budget);
            if (found.Kind != JsonValueKind.Undefined) return found;
        }

        return default;
    }

    private static bool TryStep(JsonElement element, ReadOnlySpan<byte> name, WorkBudget budget, out JsonElement next)
    {
        next = default;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                // Of several members of one name the last counts, as most readers have it.
                var isFound = false;
                budget.Spend(element.GetPropertyCount());
                foreach (var member in element.EnumerateObject())
                {
                    if (!JsonEscapes.Means(JsonMarshal.GetRawUtf8PropertyName(member), name)) continue;
                    next = member.Value;
                    isFound = true;
                }

                return isFound;
            case JsonValueKind.Array:
                if (!Utf8Parser.TryParse(name, out int index, out var read) || read != name.Length || index < 0 || index >= element.GetArrayLength()) return false;
                budget.Spend(index);
                next = element[index];
                return true;
            default:
                return false;
        }
    }
}
