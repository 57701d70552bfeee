using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Penstock.Config;
using Penstock.Json;
using Penstock.Providers;
using Penstock.Transport;

namespace Penstock.Snapshot;

/// <summary>Turns the text of <c>penstock.json</c> into a snapshot, or lists all that is wrong with it.</summary>
/// <param name="environment">Gives a variable's value or null.</param>
internal sealed class SnapshotReader(Func<string, string?> environment)
{
    private readonly JsonFaults _faults = new();

    /// <returns>The snapshot, or null and at least one fault, in the order in which they stand in the file.</returns>
    public static GatewaySnapshot? Read(ReadOnlyMemory<byte> utf8, Func<string, string?> environment, out ImmutableArray<FileFault> faults)
    {
        JsonText text;
        try
        {
            text = JsonText.Parse(utf8);
        }
        catch (JsonTextException e)
        {
            faults = [new FileFault(e.Line, e.Column, "", e.Message)];
            return null;
        }

        return new SnapshotReader(environment).Read(text, out faults);
    }

    private GatewaySnapshot? Read(JsonText text, out ImmutableArray<FileFault> faults)
    {
        var references = new EnvironmentReferences(environment, _faults);
        var root = new StrictObject(references.Expand(text.Root), "", _faults, FileMembers.Root);

        var settings = new SettingsReader(_faults).Read(root);
        var catalogue = ReadCatalogue(root);
        var plans = ReadPlans(root, catalogue);
        var standard = ReadDefault(root, plans, catalogue);
        if (_faults.Any)
        {
            // Of a text with a variable that is not set, only that is told: what stands in its place means nothing.
            faults =
            [
                .. _faults.All
                    .GroupBy(fault => fault.Part.Offset)
                    .OrderBy(place => place.Key)
                    .SelectMany(place => references.HasFailedAt(place.Key) ? place.Take(1) : place)
                    .Select(fault => Locate(text, fault, references)),
            ];
            return null;
        }

        faults = [];
        return new GatewaySnapshot { Settings = settings, Catalogue = catalogue, SavedPlans = plans, DefaultPlan = standard };
    }

    /// <summary>Our rows and the user's; one of his with the id of one of ours takes its place.</summary>
    private Catalogue ReadCatalogue(StrictObject root)
    {
        var rows = new List<ProviderRow>();
        foreach (var (id, value) in root.Members("providers"))
        {
            // A row with faults still counts as there, so that configs that name it are not reported as well.
            rows.Add(ProviderRowReader.Read(id, value, _faults, JsonFaults.Join("providers", id), isCustom: true)
                ?? new ProviderRow { Id = id, Name = id, Auth = [], IsCustom = true });
        }

        return rows.Count == 0 ? Catalogue.BuiltIn : Catalogue.BuiltIn.With(rows);
    }

    private FrozenDictionary<string, Plan> ReadPlans(StrictObject root, Catalogue catalogue)
    {
        var plans = new Dictionary<string, Plan>(StringComparer.Ordinal);
        foreach (var (name, value) in root.Members("configs"))
        {
            var path = JsonFaults.Join("configs", name);
            if (!IsName(name)) _faults.Add(path, "The name of a saved config is made of letters, digits, '-', '_' and '.', 100 at most: it travels in a header.", value);
            if (Compile(value, path, catalogue) is { } plan) plans[name] = plan;
        }

        return plans.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private Plan? ReadDefault(StrictObject root, FrozenDictionary<string, Plan> plans, Catalogue catalogue)
    {
        const string member = "default_config";
        if (root[member] is not { } part) return null;
        if (part.Kind != JsonValueKind.String) return Compile(part, member, catalogue);
        if (plans.TryGetValue(part.Text!, out var plan)) return plan;
        List<string> names = [.. root["configs"]?.Members.Select(config => config.Key) ?? []];
        if (names.Contains(part.Text!)) return null; // it is there and has faults of its own
        var hint = Spelling.DidYouMean(part.Text!, names) ?? "Save it under 'configs', or write the config itself here.";
        root.Fault(member, $"There is no saved config '{ShortText.Of(part.Text!)}'. {hint}");
        return null;
    }

    /// <summary>Whoever writes the file may send requests where he likes.</summary>
    private Plan? Compile(JsonPart part, string path, Catalogue catalogue) =>
        ConfigCompiler.Compile(part, new ConfigScope(catalogue, new HostRules([], trustLoopback: true), IsOperators: true), _faults, path);

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 100 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static FileFault Locate(JsonText text, JsonFault fault, EnvironmentReferences references)
    {
        var (line, column) = text.Locate(fault.Part);
        return new FileFault(line, column, fault.Path, references.Mask(fault.Message));
    }
}
