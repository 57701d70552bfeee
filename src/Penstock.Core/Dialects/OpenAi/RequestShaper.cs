using System.Collections.Immutable;
using Penstock.Config;
using Penstock.Json;
using Penstock.Providers;

namespace Penstock.Dialects.OpenAi;

/// <summary>What a config and a provider's quirks change in an OpenAI-shaped request.</summary>
internal static class RequestShaper
{
    /// <summary>The config's wishes: override, default, drop, in this order.</summary>
    public static void Apply(BodyEditor editor, LeafSettings settings)
    {
        foreach (var (name, json) in settings.OverrideParams) editor.Set(name, json);
        foreach (var (name, json) in settings.DefaultParams) editor.SetIfAbsent(name, json);
        if (!settings.DropParams.IsEmpty) PathRemover.Remove(editor, settings.DropParams);
    }

    /// <summary>The provider's needs, after the config's wishes.</summary>
    /// <param name="model">What the model template came to; null: the model stays, but for its prefix.</param>
    public static void Apply(BodyEditor editor, Quirks quirks, string? model)
    {
        if (quirks.IsEmpty && model is null) return;
        ReplaceValues(editor, quirks.Values);
        foreach (var (from, to) in quirks.Rename) Rename(editor, from, to);
        foreach (var name in quirks.Remove) editor.Remove(name);
        foreach (var (name, json) in quirks.Default) editor.SetIfAbsent(name, json);
        RoleRenamer.Rename(editor, quirks.Roles);
        if (model is not null) SetModel(editor, model);
        else if (quirks.ModelPrefix is { Length: > 0 } prefix) CutModelPrefix(editor, prefix);
    }

    public static void SetModel(BodyEditor editor, string model) => editor.SetString("model", model);

    /// <summary>The first row that fits a member is the only one, so that rows do not chain.</summary>
    private static void ReplaceValues(BodyEditor editor, ImmutableArray<(string Member, string From, string To)> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var member = values[i].Member;
            if (IsListedBefore(values, i) || !editor.TryGetRaw(member, out var raw)) continue;
            foreach (var (other, from, to) in values.AsSpan(i..))
            {
                if (other != member || !IsString(raw, from)) continue;
                editor.SetString(member, to);
                break;
            }
        }
    }

    private static bool IsListedBefore(ImmutableArray<(string Member, string From, string To)> values, int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (values[i].Member == values[index].Member) return true;
        }

        return false;
    }

    private static void Rename(BodyEditor editor, string from, string to)
    {
        if (!to.Contains('.'))
        {
            editor.Rename(from, to);
            return;
        }

        if (!editor.Has(from)) return;
        var path = to.Split('.');
        if (!editor.Has(path[0])) editor.Nest(from, path);
    }

    private static void CutModelPrefix(BodyEditor editor, string prefix)
    {
        if (!editor.TryGetRaw("model", out var raw) || raw[0] != '"') return;
        var model = JsonEscapes.Text(raw[1..^1]);
        if (model.Length > prefix.Length && model.StartsWith(prefix, StringComparison.Ordinal)) editor.SetString("model", model.AsSpan(prefix.Length));
    }

    private static bool IsString(ReadOnlySpan<byte> raw, string text)
    {
        if (raw[0] != '"') return false;
        var inside = raw[1..^1];
        return JsonEscapes.Means(inside, inside.Contains((byte)'\\'), text);
    }
}
