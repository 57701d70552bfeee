using System.Collections.Immutable;
using Penstock.Fuzz.Tests.References;
using Penstock.Json;

namespace Penstock.Fuzz.Tests.Json;

/// <summary>Any row of edits gives the same document as the same edits on a list of members.</summary>
public sealed class BodyEditorFuzz
{
    private static readonly string[] Names = ["a", "b", "c", "model", "é", "a.b", "", "new", "x\"y", "😀"];

    [Fact]
    public Task Comes_to_the_edited_list_of_members() => new FuzzTarget<Case>(Create, Check, Smaller, Shown, 2_000).RunAsync();

    private static Case Create(Dice dice) => new(Body(dice), Body(dice), [.. Enumerable.Range(0, dice.Size(8)).Select(_ => Edit(dice))]);

    private static byte[] Body(Dice dice) => new JsonGrammar(dice) { Names = [.. Names], HasLoneSurrogates = dice.OneIn(5), Width = dice.OneIn(20) ? 40 : 5 }.Object(depth: 2);

    private static BodyEdit Edit(Dice dice)
    {
        var name = dice.Pick(Names);
        var grammar = new JsonGrammar(dice);
        return dice.Below(6) switch
        {
            0 => new BodyEdit.Set(name, grammar.Value(1)),
            1 => new BodyEdit.SetIfAbsent(name, grammar.Value(1)),
            2 => new BodyEdit.Remove(name),
            3 => new BodyEdit.Rename(name, dice.Pick(Names)),
            4 => new BodyEdit.Nest(name, [.. Enumerable.Range(0, 1 + dice.Below(3)).Select(_ => dice.Pick(Names))]),
            _ => new BodyEdit.Wrap(name),
        };
    }

    private static IEnumerable<Case> Smaller(Case one) =>
    Shrink.Each(
        Shrink.List(one.Edits).Select(edits => one with { Edits = edits }),
        Shrink.Bytes(one.Before).Where(Bodies.IsBody).Select(before => one with { Before = before }),
        Shrink.Bytes(one.Body).Where(Bodies.IsBody).Select(body => one with { Body = body }));

    private static string Shown(Case one) => $"{Show.Bytes(one.Body)}\n{string.Join('\n', one.Edits)}\nafter {Show.Bytes(one.Before)}";

    private static void Check(Case one)
    {
        // The editor has done the same over another body: nothing of that may show.
        var editor = new BodyEditor();
        Run(editor, one.Before, one.Edits);
        Run(editor, one.Body, one.Edits);
    }

    private static void Run(BodyEditor editor, byte[] body, ImmutableArray<BodyEdit> edits)
    {
        var scan = new BodyScan();
        try
        {
            scan.Read(body);
        }
        catch (BodyException)
        {
            return;   // a member that decides is there twice
        }

        editor.Start(scan);
        var reference = ReferenceBody.Read(body);
        foreach (var edit in edits)
        {
            edit.Apply(editor);
            edit.Apply(reference);
            foreach (var name in Names)
            {
                var expected = reference[name];
                Assert.True(editor.TryGetRaw(name, out var raw) == expected is not null && raw.SequenceEqual(expected), name);
                Assert.Equal(expected is not null, editor.Has(name));
            }
        }

        var built = Built(editor);
        Assert.Equal(reference.ToString(), ReferenceBody.Read(built).ToString());
        Assert.True(built.AsSpan().SequenceEqual(Built(editor)));
        Assert.True(editor.IsChanged || built.AsSpan().SequenceEqual(body));
    }

    private static byte[] Built(BodyEditor editor)
    {
        var segments = editor.Build();
        var built = new MemoryStream();
        for (var i = 0; i < segments.Count; i++) built.Write(segments[i].Span);
        Assert.Equal(segments.Length, built.Length);
        return built.ToArray();
    }

    private sealed record Case(byte[] Before, byte[] Body, ImmutableArray<BodyEdit> Edits);
}
