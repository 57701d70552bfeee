using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Penstock.Config;
using Penstock.Dialects.OpenAi;
using Penstock.Fuzz.Tests.References;
using Penstock.Json;
using Penstock.Providers;

namespace Penstock.Fuzz.Tests.Dialects;

/// <summary>What a config and a provider's quirks make of a request is what the same steps make of a list of members.</summary>
public sealed class RequestShaperFuzz
{
    private static readonly string[] Names = ["a", "b", "c", "model", "messages", "tool_choice"];

    private static readonly string[] Words = ["auto", "required", "any", "system", "developer", "user", "x/gpt-4o", "gpt-4o", "é"];

    [Fact]
    public Task Comes_to_the_same_as_the_steps_one_by_one() => new FuzzTarget<Case>(Create, Check, Smaller, Shown, 5_000).RunAsync();

    private static Case Create(Dice dice)
    {
        var grammar = new JsonGrammar(dice) { Names = [.. Names], EscapesNames = dice.OneIn(3) };
        var settings = new LeafSettings { OverrideParams = Values(dice, grammar), DefaultParams = Values(dice, grammar) };
        var quirks = new Quirks
        {
            Rename = Pairs(dice, () => dice.Pick(Names), () => dice.OneIn(3) ? dice.Pick(Names) + ".effort" : dice.Pick(Names)),
            Remove = [.. Enumerable.Range(0, dice.Size(2)).Select(_ => dice.Pick(Names))],
            Default = Values(dice, grammar),
            Values = [.. Enumerable.Range(0, dice.Size(3)).Select(_ => (dice.Pick(Names), dice.Pick(Words), dice.Pick(Words)))],
            Roles = Pairs(dice, () => dice.Pick(Words), () => dice.Pick(Words)),
            ModelPrefix = dice.OneIn(2) ? "x/" : null,
        };
        return new Case(Body(dice), settings, quirks, dice.OneIn(4) ? dice.Pick(Words) : null);
    }

    private static byte[] Body(Dice dice)
    {
        var body = new StringBuilder("{");
        for (var i = dice.Size(5); i > 0; i--)
        {
            var value = dice.Below(4) switch
            {
                0 => Messages(dice),
                1 => Encoding.UTF8.GetString(new JsonGrammar(dice).Value(1)),
                _ => JsonSerializer.Serialize(dice.Pick(Words)),
            };
            body.Append(body.Length > 1 ? "," : "").Append('"').Append(dice.Pick(Names)).Append("\": ").Append(value);
        }

        return Encoding.UTF8.GetBytes(body.Append('}').ToString());
    }

    private static string Messages(Dice dice) => "[" + string.Join(',', Enumerable.Range(0, dice.Size(4)).Select(_ => dice.Below(4) switch
    {
        0 => Encoding.UTF8.GetString(new JsonGrammar(dice) { Names = ["role", "content"], EscapesNames = false }.Value(2)),
        1 => $$"""{"content":{"role":"developer"},"role":"{{dice.Pick(Words)}}"}""",
        _ => $$"""{"role":"{{dice.Pick(Words)}}","content":"x","role" : "{{dice.Pick(Words)}}"}""",
    })) + "]";

    private static ImmutableArray<(string, byte[])> Values(Dice dice, JsonGrammar grammar) =>
        [.. Enumerable.Range(0, dice.Size(2)).Select(_ => (dice.Pick(Names), dice.OneIn(2) ? grammar.Value(1) : JsonSerializer.SerializeToUtf8Bytes(dice.Pick(Words))))];

    private static ImmutableArray<(string, string)> Pairs(Dice dice, Func<string> from, Func<string> to) => [.. Enumerable.Range(0, dice.Size(2)).Select(_ => (from(), to()))];

    private static IEnumerable<Case> Smaller(Case one) =>
    Shrink.Each(
        Shrink.List(one.Settings.OverrideParams).Select(list => one with { Settings = one.Settings with { OverrideParams = list } }),
        Shrink.List(one.Settings.DefaultParams).Select(list => one with { Settings = one.Settings with { DefaultParams = list } }),
        Shrink.List(one.Quirks.Rename).Select(list => one with { Quirks = one.Quirks with { Rename = list } }),
        Shrink.List(one.Quirks.Remove).Select(list => one with { Quirks = one.Quirks with { Remove = list } }),
        Shrink.List(one.Quirks.Default).Select(list => one with { Quirks = one.Quirks with { Default = list } }),
        Shrink.List(one.Quirks.Values).Select(list => one with { Quirks = one.Quirks with { Values = list } }),
        Shrink.List(one.Quirks.Roles).Select(list => one with { Quirks = one.Quirks with { Roles = list } }),
        Shrink.Bytes(one.Body).Where(body => TryScan(body) is not null).Select(body => one with { Body = body }));

    private static string Shown(Case one) =>
        $"""
        {Show.Bytes(one.Body)}
        override {Listed(one.Settings.OverrideParams)}, default {Listed(one.Settings.DefaultParams)}
        values {string.Join(' ', one.Quirks.Values)}, rename {string.Join(' ', one.Quirks.Rename)}, remove {string.Join(' ', one.Quirks.Remove)}
        default {Listed(one.Quirks.Default)}, roles {string.Join(' ', one.Quirks.Roles)}, prefix {one.Quirks.ModelPrefix}, model {one.Model}
        """;

    private static string Listed(ImmutableArray<(string Name, byte[] Json)> values) => string.Join(' ', values.Select(value => $"{value.Name}={Show.Bytes(value.Json)}"));

    private static void Check(Case one)
    {
        if (TryScan(one.Body) is not { } scan) return;
        var reference = ReferenceBody.Read(one.Body);
        foreach (var (name, json) in one.Settings.OverrideParams) reference.Set(name, json);
        foreach (var (name, json) in one.Settings.DefaultParams) reference.SetIfAbsent(name, json);
        Apply(reference, one.Quirks, one.Model);

        var editor = new BodyEditor();
        editor.Start(scan);
        RequestShaper.Apply(editor, one.Settings);
        RequestShaper.Apply(editor, one.Quirks, one.Model);
        var segments = editor.Build();
        var built = new MemoryStream();
        for (var i = 0; i < segments.Count; i++) built.Write(segments[i].Span);
        Assert.Equal(reference.ToString(), ReferenceBody.Read(built.ToArray()).ToString());
    }

    private static void Apply(ReferenceBody body, Quirks quirks, string? model)
    {
        foreach (var member in quirks.Values.Select(value => value.Member).Distinct())
        {
            if (Text(body[member]) is { } text && quirks.Values.Where(value => value.Member == member && value.From == text).Take(1).ToArray() is [var row]) body.SetString(member, row.To);
        }

        foreach (var (from, to) in quirks.Rename)
        {
            if (!to.Contains('.', StringComparison.Ordinal)) body.Rename(from, to);
            else if (body[from] is not null && body[to.Split('.')[0]] is null) body.Nest(from, to.Split('.'));
        }

        foreach (var name in quirks.Remove) body.Remove(name);
        foreach (var (name, json) in quirks.Default) body.SetIfAbsent(name, json);
        if (body["messages"] is { } messages) body.Set("messages", ReferenceRoles.Rename(messages, quirks.Roles));
        if (model is not null) body.SetString("model", model);
        else if (quirks.ModelPrefix is { } prefix && Text(body["model"]) is { } name && name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal)) body.SetString("model", name[prefix.Length..]);
    }

    private static string? Text(byte[]? raw) => raw is [(byte)'"', ..] ? ReferenceText.Of(raw.AsSpan(1..^1)) : null;

    private static BodyScan? TryScan(byte[] body)
    {
        try
        {
            var scan = new BodyScan();
            scan.Read(body);
            return scan;
        }
        catch (BodyException)
        {
            return null;
        }
    }

    private sealed record Case(byte[] Body, LeafSettings Settings, Quirks Quirks, string? Model);
}
