using System.Runtime.InteropServices;
using System.Text.Json;
using Penstock.Fuzz.Tests.References;
using Penstock.Json;

namespace Penstock.Fuzz.Tests.Json;

/// <summary>
/// Documents that people write, against the framework's reader with the same leniency. Ours also refuses a name that is
/// there twice and text that is no Unicode.
/// </summary>
public sealed class JsonTextFuzz
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = JsonText.MaxDepth };

    [Fact]
    public Task Agrees_with_the_frameworks_document() => new FuzzTarget<byte[]>(Create, Check, Shrink.Bytes, json => Show.Bytes(json), 3_000).RunAsync();

    [Fact]
    public Task Reads_escapes_as_the_standard_says() => new FuzzTarget<byte[]>(CreateString, CheckString, Smaller, json => Show.Bytes(json), 5_000).RunAsync();

    private static byte[] Create(Dice dice)
    {
        var json = new JsonGrammar(dice) { HasLoneSurrogates = dice.OneIn(8), RepeatsNames = dice.OneIn(8) }.Value(5);
        if (dice.OneIn(3)) json = JsonMutator.Change(dice, json);
        if (dice.OneIn(4)) json = [.. "// said\n"u8, .. json, .. " /* more */ "u8];
        if (dice.OneIn(40)) json = [.. "\uFEFF"u8, .. json];
        return Mutator.MayDamage(dice, json, oneIn: 3);
    }

    private static void Check(byte[] json)
    {
        JsonText? text = null;
        try
        {
            text = JsonText.Parse(json);
        }
        catch (JsonTextException e)
        {
            Assert.NotEmpty(e.Message);
            Assert.InRange(e.Line, 1, json.Count(one => one is (byte)'\n' or (byte)'\r') + 1);
            Assert.InRange(e.Column, 1, json.Length + 1);
        }

        ReadOnlyMemory<byte> plain = json.AsSpan().StartsWith("\uFEFF"u8) ? json.AsMemory(3) : json;
        using var document = Parse(plain, Lenient);
        Assert.Equal(document is not null && IsUnicodeWithoutRepeats(document.RootElement), text is not null);
        if (text is null) return;
        Compare(text, text.Root, document!.RootElement);
        using var written = JsonDocument.Parse(text.Root.ToUtf8());
        Compare(text, text.Root, written.RootElement);
    }

    private static void Compare(JsonText text, JsonPart part, JsonElement element)
    {
        Assert.Equal(element.ValueKind, part.Kind);
        var (line, column) = text.Locate(part);
        Assert.True(line > 0 && column > 0);
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = element.EnumerateObject().ToArray();
                Assert.Equal(members.Select(member => member.Name), part.Members.Select(member => member.Key));
                for (var i = 0; i < members.Length; i++) Compare(text, part.Members[i].Value, members[i].Value);
                break;
            case JsonValueKind.Array:
                Assert.Equal(element.GetArrayLength(), part.Items.Count);
                for (var i = 0; i < part.Items.Count; i++) Compare(text, part.Items[i], element[i]);
                break;
            case JsonValueKind.String:
                Assert.Equal(element.GetString(), part.Text);
                break;
            case JsonValueKind.Number:
                Assert.Equal(element.GetRawText(), part.Text);
                break;
        }
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> json, JsonDocumentOptions options)
    {
        try
        {
            return JsonDocument.Parse(json, options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsUnicodeWithoutRepeats(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String) return ReferenceText.Of(JsonMarshal.GetRawUtf8Value(element)[1..^1]) is not null;
        if (element.ValueKind == JsonValueKind.Array) return element.EnumerateArray().All(IsUnicodeWithoutRepeats);
        if (element.ValueKind != JsonValueKind.Object) return true;
        var names = new HashSet<string>();
        foreach (var member in element.EnumerateObject())
        {
            if (ReferenceText.Of(JsonMarshal.GetRawUtf8PropertyName(member)) is not { } name || !names.Add(name) || !IsUnicodeWithoutRepeats(member.Value)) return false;
        }

        return true;
    }

    private static byte[] CreateString(Dice dice)
    {
        var json = new JsonGrammar(dice) { HasLoneSurrogates = true }.String();
        for (var i = 0; i < 5; i++)
        {
            var damaged = Mutator.Damage(dice, json);
            if (IsString(damaged)) json = damaged;
        }

        return json;
    }

    private static IEnumerable<byte[]> Smaller(byte[] json) => Shrink.Bytes(json).Where(IsString);

    private static void CheckString(byte[] json)
    {
        var inside = json.AsSpan(1..^1);
        var expected = ReferenceText.Of(inside);
        var unescaped = new byte[inside.Length];
        var isUnicode = JsonEscapes.TryUnescape(inside, unescaped, out var written);
        Assert.True(written <= inside.Length);
        var text = JsonEscapes.Text(inside);
        Assert.Equal(text, JsonEscapes.Valid(text));
        if (expected is null) return;   // then it is text all the same, with U+FFFD in it
        Assert.True(isUnicode);
        Assert.Equal(expected, text);
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(unescaped.AsSpan(0, written)));
        Assert.True(JsonEscapes.Means(inside, inside.Contains((byte)'\\'), expected));
        Assert.False(JsonEscapes.Means(inside, inside.Contains((byte)'\\'), expected + "x"));
    }

    private static bool IsString(byte[] json)
    {
        using var document = Parse(json, default);
        return document?.RootElement.ValueKind == JsonValueKind.String && json is [(byte)'"', .., (byte)'"'];
    }
}
