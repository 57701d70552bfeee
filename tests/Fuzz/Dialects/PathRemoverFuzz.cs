using System.Collections.Immutable;
using Penstock.Config;
using Penstock.Dialects.OpenAi;
using Penstock.Fuzz.Tests.References;
using Penstock.Json;

namespace Penstock.Fuzz.Tests.Dialects;

/// <summary>Paths taken out of a body leave valid JSON, and what the same paths leave of a tree.</summary>
public sealed class PathRemoverFuzz
{
    private static readonly string[] Names = ["a", "b", "c", "é", "x y", ""];

    private static readonly string[] Steps = [".a", ".b", ".c", "[0]", "[1]", "[2]", "[*]", "[\"a\"]", "['x y']", "[\"\"]", ".é"];

    [Fact]
    public Task Leaves_what_a_tree_would_keep() => new FuzzTarget<Case>(Create, Check, Smaller, Shown, 4_000).RunAsync();

    [Fact]
    public Task A_path_is_read_or_refused_with_its_reason() => new FuzzTarget<string>(CreatePath, CheckPath, Shrink.Text, Show.Text, 4_000).RunAsync();

    private static Case Create(Dice dice)
    {
        var body = new JsonGrammar(dice) { Names = [.. Names], HasLoneSurrogates = dice.OneIn(5), RepeatsNames = dice.OneIn(3) }.Object();
        var count = dice.OneIn(30) ? dice.Between(60, 64) : 1 + dice.Size(6);
        return new Case(body, [.. Enumerable.Range(0, count).Select(_ => Path(dice))]);
    }

    private static string Path(Dice dice) => dice.Pick("a", "b", "c", "[\"x y\"]") + string.Concat(Enumerable.Range(0, dice.Size(4)).Select(_ => dice.Pick(Steps)));

    private static IEnumerable<Case> Smaller(Case one) =>
    Shrink.Each(
        Shrink.List(one.Paths).Select(paths => one with { Paths = paths }),
        Shrink.Bytes(one.Body).Where(Bodies.IsBody).Select(body => one with { Body = body }));

    private static string Shown(Case one) => $"{Show.Bytes(one.Body)}\nwithout {string.Join(" and ", one.Paths)}";

    private static void Check(Case one)
    {
        ImmutableArray<ParamPath> paths = [.. one.Paths.Select(ParamPath.Parse)];
        var tree = ReferenceTree.Read(one.Body);
        tree.Remove(paths);

        var scan = new BodyScan();
        scan.Read(one.Body);
        var editor = new BodyEditor();
        editor.Start(scan);
        PathRemover.Remove(editor, paths);
        var segments = editor.Build();
        var built = new MemoryStream();
        for (var i = 0; i < segments.Count; i++) built.Write(segments[i].Span);
        Assert.Equal(tree.ToString(), ReferenceTree.Read(built.ToArray()).ToString());
    }

    private static string CreatePath(Dice dice)
    {
        var path = System.Text.Encoding.UTF8.GetBytes(Path(dice) + (dice.OneIn(10) ? string.Concat(Enumerable.Repeat("[0]", dice.Below(80))) : ""));
        return System.Text.Encoding.UTF8.GetString(Mutator.MayDamage(dice, path, oneIn: 2));
    }

    private static void CheckPath(string text)
    {
        try
        {
            var path = ParamPath.Parse(text);
            Assert.NotNull(path.Steps[0].Name);
            Assert.All(path.Steps, step => Assert.False(step.Name is not null && step.Index is not null));
            Assert.Equal(path.Steps, ParamPath.Parse(Written(path)).Steps);
        }
        catch (FormatException e)
        {
            Assert.Contains("expected", e.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>The same path in the form that can hold every name.</summary>
    private static string Written(ParamPath path) => string.Concat(path.Steps.Select(step =>
        step.Name is { } name ? $"[\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"]" : $"[{step.Index?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "*"}]"));

    private sealed record Case(byte[] Body, ImmutableArray<string> Paths);
}
