using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Penstock.Json;

namespace Penstock.Core.Tests.Json;

public sealed class BodyEditorTests
{
    [Fact]
    public void Gives_an_unedited_body_as_one_slice_of_the_original()
    {
        var scan = Bodies.Scan(" { \"a\" : 1 ,\n \"b\":[ ] } ");
        var editor = new BodyEditor();
        editor.Start(scan);
        editor.Remove("c");
        editor.Rename("c", "d");
        editor.SetIfAbsent("a", "2"u8.ToArray());
        editor.Set("a", "1"u8.ToArray());

        var built = editor.Build();

        Assert.False(editor.IsChanged);
        Assert.Equal(1, built.Count);
        Assert.True(built[0].Span.Overlaps(scan.Body.Span, out var offset) && offset == 0 && built.Length == scan.Body.Length);
    }

    [Fact]
    public void Keeps_white_space_and_order_around_an_edit()
    {
        var editor = Bodies.Edit("{ \"a\" : 1 ,\n \"b\":[ ] , \"c\":3}");
        editor.Set("b", "\"x\""u8.ToArray());

        Assert.Equal("{ \"a\" : 1 ,\n \"b\":\"x\" , \"c\":3}", Bodies.Text(editor));
    }

    [Theory]
    [InlineData("{\"a\":1,\"b\":2,\"c\":3}", "a", "{\"b\":2,\"c\":3}")]
    [InlineData("{\"a\":1,\"b\":2,\"c\":3}", "b", "{\"a\":1,\"c\":3}")]
    [InlineData("{\"a\":1,\"b\":2,\"c\":3}", "c", "{\"a\":1,\"b\":2}")]
    [InlineData("{\"a\":1,\"b\":2,\"c\":3}", "a,b", "{\"c\":3}")]
    [InlineData("{\"a\":1,\"b\":2,\"c\":3}", "b,c", "{\"a\":1}")]
    [InlineData("{\"a\":1,\"b\":2,\"c\":3}", "a,c", "{\"b\":2}")]
    [InlineData("{ \"a\":1 }", "a", "{  }")]
    [InlineData("{\"a\":1,\"b\":2,\"c\":3}", "a,b,c", "{}")]
    public void Removes_members_with_their_comma(string body, string names, string expected)
    {
        var editor = Bodies.Edit(body);
        foreach (var name in names.Split(',')) editor.Remove(name);

        Assert.Equal(expected, Bodies.Text(editor));
    }

    [Theory]
    [InlineData("{}", "{\"x\":9}")]
    [InlineData(" { } ", " {\"x\":9 } ")]
    [InlineData("{\"a\":1}", "{\"a\":1,\"x\":9}")]
    public void Appends_what_is_not_there(string body, string expected)
    {
        var editor = Bodies.Edit(body);
        editor.Set("x", "9"u8.ToArray());

        Assert.Equal(expected, Bodies.Text(editor));
    }

    [Fact]
    public void Appends_after_all_is_removed()
    {
        var editor = Bodies.Edit("{\"a\":1,\"b\":2}");
        editor.Remove("a");
        editor.Remove("b");
        editor.Set("a", "3"u8.ToArray());
        editor.Set("q\"\n", "4"u8.ToArray());

        Assert.Equal("{\"a\":3,\"q\\\"\\n\":4}", Bodies.Text(editor));
    }

    [Theory]
    [InlineData("{\"a\":1,\"b\":2}", "{\"z\":1,\"b\":2}")]
    [InlineData("{\"z\":0,\"a\":1,\"b\":2}", "{\"z\":1,\"b\":2}")]
    [InlineData("{\"a\":1,\"z\":0}", "{\"z\":1}")]
    [InlineData("{\"\\u0061\":1}", "{\"z\":1}")]
    [InlineData("{\"z\":0}", "{\"z\":0}")]
    public void Renames_in_place_and_beats_the_other(string body, string expected)
    {
        var editor = Bodies.Edit(body);
        editor.Rename("a", "z");

        Assert.Equal(expected, Bodies.Text(editor));
    }

    [Fact]
    public void Makes_a_changed_member_the_only_one_of_its_name()
    {
        const string Body = """{"a":1,"b":0,"\u0061":2,"a":3}""";

        var editor = Bodies.Edit(Body);
        Assert.True(editor.TryGetRaw("a", out var raw));
        Assert.Equal("3", Encoding.UTF8.GetString(raw));
        editor.Set("a", "9"u8.ToArray());
        Assert.Equal("""{"b":0,"a":9}""", Bodies.Text(editor));

        editor = Bodies.Edit(Body);
        editor.Remove("a");
        Assert.Equal("""{"b":0}""", Bodies.Text(editor));

        editor = Bodies.Edit(Body);
        editor.Rename("a", "c");
        Assert.Equal("""{"b":0,"c":3}""", Bodies.Text(editor));
    }

    [Fact]
    public void Nests_a_value_in_its_place()
    {
        var editor = Bodies.Edit("""{"effort":"low","b":2}""");
        editor.Nest("effort", ["reasoning", "how", "much"]);

        Assert.Equal("""{"reasoning":{"how":{"much":"low"}},"b":2}""", Bodies.Text(editor));
    }

    [Fact]
    public void Splices_within_a_value_again_and_again()
    {
        var editor = Bodies.Edit("""{"a":[10,20,30],"b":2}""");
        editor.Splice("a", [new BodySplice(1, 3, "77"u8.ToArray()), new BodySplice(6, 9, default)]);
        Assert.Equal("""{"a":[77,20],"b":2}""", Bodies.Text(editor));

        editor.Splice("a", [new BodySplice(0, 4, "["u8.ToArray())]);
        Assert.Equal("""{"a":[20],"b":2}""", Bodies.Text(editor));
        Assert.True(editor.TryGetRaw("a", out var raw));
        Assert.Equal("[20]", Encoding.UTF8.GetString(raw));
        editor.Rename("a", "c");
        Assert.Equal("""{"c":[20],"b":2}""", Bodies.Text(editor));
    }

    [Fact]
    public void Copies_nothing_big_for_an_edit_near_the_top()
    {
        var scan = Bodies.Scan($$"""{"model":"a","messages":"{{new string('x', 1 << 20)}}"}""");
        var editor = new BodyEditor();
        editor.Start(scan);
        editor.SetString("model", "b\ud800\"é");

        var built = editor.Build();

        Assert.Equal(3, built.Count);
        Assert.True(built[2].Span.Overlaps(scan.Body.Span));
        Assert.Equal("\"b\uFFFD\\\"é\"", Encoding.UTF8.GetString(built[1].Span));
    }

    [Fact]
    public void Allocates_nothing_once_warm()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"model":"gpt-5","messages":[{"role":"user","content":"hi"}],"max_tokens":5,"user":"u"}""");
        var temperature = "0.5"u8.ToArray();
        var scan = new BodyScan();
        var editor = new BodyEditor();
        var allocated = -1L;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                scan.Read(bytes);
                editor.Start(scan);
                editor.SetString("model", "gpt-5-mini");
                editor.Rename("max_tokens", "max_completion_tokens");
                editor.Remove("user");
                editor.Set("temperature", temperature);
                editor.Build();
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal("""{"model":"gpt-5-mini","messages":[{"role":"user","content":"hi"}],"max_completion_tokens":5,"temperature":0.5}""", Bodies.Text(editor));
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Agrees_with_a_document_model_on_random_edits()
    {
        var random = new Random(20260727);
        string[] names = ["a", "b", "model", "é", "q\"", "x y", "tools", "n"];
        string[] values = ["1", "null", "\"s\\n\"", "[1, 2]", "{\"k\" : [ ]}", "-0.5", "true"];
        for (var round = 0; round < 3000; round++)
        {
            var (text, oracle) = RandomBody(random, names, values);
            var editor = Bodies.Edit(text);
            for (var i = random.Next(7); i > 0; i--) Edit(random, editor, oracle, names, values);

            var result = Bodies.Text(editor);
            var expected = "{" + string.Join(",", oracle.Select(m => JsonSerializer.Serialize(m.Key) + ":" + m.Value)) + "}";
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(result)), $"{text} became {result}, not {expected}.");
            Assert.Equal(oracle.Select(m => m.Key), JsonNode.Parse(result)!.AsObject().Select(m => m.Key));
            if (!editor.IsChanged) Assert.Equal(text, result);
        }
    }

    private static (string Text, List<KeyValuePair<string, string>> Members) RandomBody(Random random, string[] names, string[] values)
    {
        var members = new List<KeyValuePair<string, string>>();
        foreach (var name in random.GetItems(names, random.Next(6)).Distinct()) members.Add(new(name, values[random.Next(values.Length)]));
        string Space() => new(' ', random.Next(3));
        string Spell(string name) => random.Next(3) == 0
            ? "\"" + string.Concat(name.Select(c => $"\\u{(int)c:x4}")) + "\""
            : JsonSerializer.Serialize(name);
        var inside = string.Join(",", members.Select(m => Space() + Spell(m.Key) + Space() + ":" + Space() + m.Value + Space()));
        return ($"{Space()}{{{Space()}{inside}{Space()}}}{Space()}", members);
    }

    private static void Edit(Random random, BodyEditor editor, List<KeyValuePair<string, string>> oracle, string[] names, string[] values)
    {
        var name = names[random.Next(names.Length)];
        var other = names[random.Next(names.Length)];
        var value = values[random.Next(values.Length)];
        var at = oracle.FindIndex(m => m.Key == name);
        Assert.Equal(at >= 0, editor.Has(name));
        switch (random.Next(4))
        {
            case 0:
                editor.Set(name, Encoding.UTF8.GetBytes(value));
                if (at >= 0) oracle[at] = new(name, value);
                else oracle.Add(new(name, value));
                break;
            case 1:
                editor.SetIfAbsent(name, Encoding.UTF8.GetBytes(value));
                if (at < 0) oracle.Add(new(name, value));
                break;
            case 2:
                editor.Remove(name);
                if (at >= 0) oracle.RemoveAt(at);
                break;
            default:
                editor.Rename(name, other);
                if (at < 0 || name == other) break;
                var renamed = new KeyValuePair<string, string>(other, oracle[at].Value);
                oracle[at] = new("", "");
                oracle.RemoveAll(m => m.Key == other);
                oracle[oracle.FindIndex(m => m.Key.Length == 0)] = renamed;
                break;
        }
    }
}
