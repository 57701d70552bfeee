using System.Text;
using System.Text.Json;
using Penstock.Dialects;
using Penstock.Dialects.OpenAi;

namespace Penstock.Fuzz.Tests.Dialects;

/// <summary>Whatever a provider says about a failure, the client gets JSON that says it.</summary>
public sealed class ProviderErrorFuzz
{
    private static readonly string[] Types = ["application/json", "text/event-stream", "text/html", "", "TEXT/EVENT-STREAM; charset=utf-8"];

    private static readonly string[] Known =
    [
        """{"error":{"message":"no","type":"t","param":null,"code":429}}""", """{"error":"no"}""", """{"message":"no","code":"c"}""", """{"detail":[{"loc":["body","x",0],"msg":"bad"}]}""",
        """[{"error":{"code":400,"message":"m","status":"INVALID"}}]""", """{"errors":[{"message":"a"},{"message":"b"}]}""", """{"fault":{"faultstring":"f"}}""", "<html>502</html>", "data: {\"error\":{\"message\":\"x\"}}\n\n", "",
    ];

    [Fact]
    public Task Any_bytes_become_an_error_that_can_be_read() => new FuzzTarget<Case>(Create, Check, Smaller, one => $"{one.Type}: {Show.Bytes(one.Body)}", 2_000).RunAsync();

    private static Case Create(Dice dice)
    {
        var body = dice.OneIn(3)
            ? new JsonGrammar(dice) { Names = ["error", "message", "type", "code", "param", "detail", "errors", "loc", "msg", "fault"], HasLoneSurrogates = true }.Value(4)
            : Encoding.UTF8.GetBytes(dice.Pick(Known));
        if (dice.OneIn(3)) body = JsonMutator.Change(dice, body);
        if (dice.OneIn(200)) body = [.. body, .. Enumerable.Repeat((byte)0xC3, 70_000)];
        return new Case(dice.Pick(Types), Mutator.MayDamage(dice, body, oneIn: 3));
    }

    private static IEnumerable<Case> Smaller(Case one) => Shrink.Bytes(one.Body).Select(body => one with { Body = body });

    private static void Check(Case one)
    {
        using var error = JsonDocument.Parse(ProviderError.Normalise("prov", 503, one.Type, one.Body));
        Assert.StartsWith("prov error:", error.RootElement.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        foreach (var name in (string[])["type", "param", "code"]) Assert.True(error.RootElement.GetProperty("error").GetProperty(name).ValueKind is not (JsonValueKind.Object or JsonValueKind.Array));
        Assert.Equal("prov", error.RootElement.GetProperty("provider").GetString());
        if (ErrorMember.IsIn(one.Body)) Assert.True(one.Body.AsSpan().IndexOf("\"error\""u8) >= 0);
    }

    private sealed record Case(string Type, byte[] Body);
}
