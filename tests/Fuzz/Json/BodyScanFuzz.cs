using System.Runtime.InteropServices;
using System.Text.Json;
using Penstock.Fuzz.Tests.References;
using Penstock.Json;
using Penstock.Transport;

namespace Penstock.Fuzz.Tests.Json;

/// <summary>
/// The scan of a body against the framework's document. Both take or refuse the same bytes, but that the scan also
/// refuses what two readers could read differently: a member that decides twice, a model that is no text, and more
/// members than anybody sends.
/// </summary>
public sealed class BodyScanFuzz
{
    private static readonly string[] Deciding =
        ["model", "stream", "n", "messages", "max_tokens", "max_completion_tokens", "stream_options", "tools", "input", "prompt", "user"];

    [Fact]
    public Task Agrees_with_the_frameworks_document() => new FuzzTarget<Case>(Create, Check, Smaller, Shown, 3_000).RunAsync();

    private static Case Create(Dice dice) => new(Bodies.Any(dice), Bodies.Any(dice), [.. Cuts.Choose(dice)]);

    private static IEnumerable<Case> Smaller(Case one) =>
    Shrink.Each(
        Shrink.Bytes(one.Before).Select(before => one with { Before = before }),
        Shrink.Bytes(one.Body).Select(body => one with { Body = body }));

    private static string Shown(Case one) => $"{Show.Bytes(one.Body)}\nafter {Show.Bytes(one.Before)}";

    private static void Check(Case one)
    {
        var scan = new BodyScan();
        TryRead(scan, one.Before);

        // As a body arrives: in pieces, into a lease.
        var lease = new BodyLease(16);
        try
        {
            foreach (var piece in Cuts.Apply(one.Body, [.. one.Cuts])) lease.Append(piece.Span);
            Assert.True(lease.Memory.Span.SequenceEqual(one.Body));
            Compare(scan, TryRead(scan, lease.Memory), one.Body);
        }
        finally
        {
            lease.Release();
        }
    }

    private static void Compare(BodyScan scan, bool isTaken, byte[] body)
    {
        ReadOnlyMemory<byte> plain = body.AsSpan().StartsWith("\uFEFF"u8) ? body.AsMemory(3) : body;
        using var document = Parse(plain);
        if (document is not { RootElement.ValueKind: JsonValueKind.Object } || !IsUnambiguous(document.RootElement))
        {
            Assert.False(isTaken);
            Assert.Equal(0, scan.Count);
            Assert.Null(scan.Model);
            return;
        }

        Assert.True(isTaken);
        Assert.True(scan.Body.Span.SequenceEqual(plain.Span));
        Assert.Equal(document.RootElement.GetPropertyCount(), scan.Count);
        string? model = null;
        var isStream = false;
        var choices = 1;
        var index = 0;
        foreach (var member in document.RootElement.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            var place = scan[index++];
            Assert.True(name.SequenceEqual(scan.Body.Span[place.NameStart..place.NameEnd]));
            Assert.True(JsonMarshal.GetRawUtf8Value(member.Value).SequenceEqual(scan.Body.Span[place.ValueStart..place.ValueEnd]));
            switch (ReferenceText.Of(name))
            {
                case "model" when member.Value.ValueKind == JsonValueKind.String:
                    model = member.Value.GetString();
                    break;
                case "stream":
                    isStream = member.Value.ValueKind == JsonValueKind.True;
                    break;
                case "n" when member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var n):
                    choices = Math.Max(1, n);
                    break;
            }
        }

        Assert.Equal((model, isStream, choices), (scan.Model, scan.Stream, scan.Choices));
    }

    private static bool TryRead(BodyScan scan, ReadOnlyMemory<byte> body)
    {
        try
        {
            scan.Read(body);
            return true;
        }
        catch (BodyException e)
        {
            Assert.InRange(e.Message.Length, 1, 300);
            return false;
        }
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = BodyScan.MaxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsUnambiguous(JsonElement body)
    {
        var seen = new HashSet<string>();
        foreach (var member in body.EnumerateObject())
        {
            if (ReferenceText.Of(JsonMarshal.GetRawUtf8PropertyName(member)) is not { } name) continue;
            if (Deciding.Contains(name) && !seen.Add(name)) return false;
            if (name == "model" && member.Value.ValueKind == JsonValueKind.String && ReferenceText.Of(JsonMarshal.GetRawUtf8Value(member.Value)[1..^1]) is null) return false;
        }

        return body.GetPropertyCount() <= BodyScan.MaxMembers;
    }

    /// <param name="Before">What the same scan has read before: nothing of it may show.</param>
    private sealed record Case(byte[] Before, byte[] Body, int[] Cuts);
}
