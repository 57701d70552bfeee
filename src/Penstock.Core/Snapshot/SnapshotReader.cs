using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Penstock.Config;
using Penstock.Json;
using Penstock.Providers;

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
        var root = references.Expand(text.Root);
        FileMembers.Check(root, FileMembers.Root, "", _faults);

        var settings = new SettingsReader(_faults).Read(root);
        var catalogue = ReadCatalogue(root["providers"]);
        var plans = ReadPlans(root["configs"], catalogue, settings);
        var standard = ReadDefault(root["default_config"], root["configs"], plans, catalogue, settings);
        if (_faults.Any)
        {
            faults = [.. _faults.All.OrderBy(fault => fault.Part.Offset).Select(fault => Locate(text, fault, references))];
            return null;
        }

        faults = [];
        return new GatewaySnapshot { Settings = settings, Catalogue = catalogue, SavedPlans = plans, DefaultPlan = standard };
    }

    /// <summary>Our rows and the user's; one of his with the id of one of ours takes its place.</summary>
    private Catalogue ReadCatalogue(JsonPart? part)
    {
        if (part is null || !IsObject(part, "providers")) return Catalogue.BuiltIn;
        var rows = Catalogue.BuiltIn.Rows.ToDictionary(row => row.Id, StringComparer.Ordinal);
        foreach (var (id, value) in part.Members)
        {
            // A row with faults still counts as there, so that configs that name it are not reported as well.
            rows[id] = ProviderRowReader.Read(id, value, _faults, JsonFaults.Join("providers", id), isCustom: true)
                ?? new ProviderRow { Id = id, Name = id, Auth = [], IsCustom = true };
        }

        return new Catalogue(rows.Values);
    }

    private FrozenDictionary<string, Plan> ReadPlans(JsonPart? part, Catalogue catalogue, GatewaySettings settings)
    {
        if (part is null || !IsObject(part, "configs")) return FrozenDictionary<string, Plan>.Empty;
        var plans = new Dictionary<string, Plan>(StringComparer.Ordinal);
        foreach (var (name, value) in part.Members)
        {
            var path = JsonFaults.Join("configs", name);
            if (!IsName(name)) _faults.Add(path, "The name of a saved config is made of letters, digits, '-', '_' and '.', 100 at most: it travels in a header.", value);
            if (Compile(value, path, catalogue, settings) is { } plan) plans[name] = plan;
        }

        return plans.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private Plan? ReadDefault(JsonPart? part, JsonPart? configs, FrozenDictionary<string, Plan> plans, Catalogue catalogue, GatewaySettings settings)
    {
        const string path = "default_config";
        if (part is null || part.IsNull) return null;
        if (part.Kind != JsonValueKind.String) return Compile(part, path, catalogue, settings);
        if (plans.TryGetValue(part.Text!, out var plan)) return plan;
        var names = configs?.Members.Select(member => member.Key).ToList() ?? [];
        if (names.Contains(part.Text!)) return null; // it is there and has faults of its own
        var hint = NearName.Find(part.Text!, names) is { } near ? $"Did you mean '{near}'?" : "Save it under 'configs', or write the config itself here.";
        _faults.Add(path, $"There is no saved config '{part.Text}'. {hint}", part);
        return null;
    }

    private Plan? Compile(JsonPart part, string path, Catalogue catalogue, GatewaySettings settings) =>
        ConfigCompiler.Compile(part, new ConfigScope(catalogue, OperatorHosts.RulesFor(part, settings)), _faults, path);

    private bool IsObject(JsonPart part, string path)
    {
        if (part.Kind == JsonValueKind.Object) return true;
        _faults.Add(path, "An object was expected here.", part);
        return false;
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 100 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static FileFault Locate(JsonText text, JsonFault fault, EnvironmentReferences references)
    {
        var (line, column) = text.Locate(fault.Part);
        return new FileFault(line, column, fault.Path, references.Mask(fault.Message));
    }
}
