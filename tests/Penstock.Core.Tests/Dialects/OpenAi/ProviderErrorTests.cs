using System.Text;
using System.Text.Json;
using Penstock.Dialects.OpenAi;
using Penstock.Providers;

namespace Penstock.Core.Tests.Dialects.OpenAi;

public sealed class ProviderErrorTests
{
    [Theory]
    [InlineData("""{"error":{"message":"Wrong key","type":"auth","param":null,"code":"invalid_api_key"}}""", "Wrong key", "\"auth\"", "null", "\"invalid_api_key\"")]
    [InlineData("""{"error":"No such model"}""", "No such model", "null", "null", "null")]
    [InlineData("""{"error":{"code":429,"message":"Slow down","metadata":{"raw":"x"}}}""", "Slow down", "null", "null", "429")]
    [InlineData("""{"object":"error","message":"Bad","type":"invalid","param":"n","code":1.50}""", "Bad", "\"invalid\"", "\"n\"", "1.50")]
    [InlineData("""{"message":"Bad"}""", "Bad", "null", "null", "null")]
    [InlineData("""{"detail":"Not found"}""", "Not found", "null", "null", "null")]
    [InlineData("""{"detail":[{"loc":["body","messages",0],"msg":"required","type":"missing"},{"loc":["body"],"msg":"odd"}]}""", "body.messages.0: required; body: odd", "null", "null", "null")]
    [InlineData("""{"object":"error","message":{"detail":[{"loc":["body","n"],"msg":"too big"}]},"type":"invalid"}""", "body.n: too big", "\"invalid\"", "null", "null")]
    [InlineData("""{"code":"Some category","error":"Text"}""", "Text", "null", "null", "\"Some category\"")]
    [InlineData("""{"errors":[{"message":"One","code":7},{"message":"Two"}],"success":false}""", "One; Two", "null", "null", "7")]
    [InlineData("""{"errors":["One","Two"]}""", "One; Two", "null", "null", "null")]
    [InlineData("""[{"error":{"message":"In a list","code":400}}]""", "In a list", "null", "null", "400")]
    [InlineData("""{"fault":{"faultstring":"Over quota","detail":{"errorcode":"q"}}}""", "Over quota", "null", "null", "null")]
    [InlineData("""{"error":{"message":"","code":[1],"type":{"a":1}}}""", """{"message":"","code":[1],"type":{"a":1}}""", "null", "null", "null")]
    [InlineData("""{"what":"ever"}""", """{"what":"ever"}""", "null", "null", "null")]
    [InlineData("{}", "{}", "null", "null", "null")]
    [InlineData("[]", "[]", "null", "null", "null")]
    [InlineData("\"just text\"", "just text", "null", "null", "null")]
    [InlineData("  upstream died\r\n", "upstream died", "null", "null", "null")]
    [InlineData("<html>502</html>", "<html>502</html>", "null", "null", "null")]
    [InlineData("{\"error\":{\"message\":\"cut of", "{\"error\":{\"message\":\"cut of", "null", "null", "null")]
    [InlineData("", "HTTP 502 with an empty body", "null", "null", "null")]
    [InlineData(" \n", "HTTP 502 with an empty body", "null", "null", "null")]
    [InlineData("""{"error":{"message":"a\ud800b\u0041\n","type":"\udc00"}}""", "a\uFFFDbA\n", "\"\uFFFD\"", "null", "null")]
    [InlineData("""{"error":{"message":"acme error: as before"}}""", " as before", "null", "null", "null")]
    public void Reads_the_forms_that_providers_use(string body, string message, string type, string param, string code)
    {
        var json = ProviderError.Normalise("acme", 502, "application/json", Encoding.UTF8.GetBytes(body));

        using var document = JsonDocument.Parse(json);
        var error = document.RootElement.GetProperty("error");
        Assert.Equal(message.StartsWith(' ') ? "acme error:" + message : "acme error: " + message, error.GetProperty("message").GetString());
        Assert.Equal((type, param, code), (error.GetProperty("type").GetRawText(), error.GetProperty("param").GetRawText(), error.GetProperty("code").GetRawText()));
        Assert.Equal("acme", document.RootElement.GetProperty("provider").GetString());
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(m => m.Name));
    }

    [Fact]
    public void Reads_an_error_that_comes_as_a_stream()
    {
        var json = ProviderError.Normalise("acme", 400, "text/event-stream; charset=utf-8", "event: error\ndata: {\"error\":\"No\"}\n"u8.ToArray());

        Assert.Equal("""{"error":{"message":"acme error: No","type":null,"param":null,"code":null},"provider":"acme"}""", Encoding.UTF8.GetString(json));
    }

    [Fact]
    public void Takes_over_64_KB_of_text_and_cuts_no_character()
    {
        var json = ProviderError.Normalise("acme", 500, "text/html", Encoding.UTF8.GetBytes("x" + new string('é', 100_000)));

        using var document = JsonDocument.Parse(json);
        Assert.Equal("acme error: x" + new string('é', 32_767), document.RootElement.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public void Writes_the_event_that_ends_a_broken_stream()
    {
        var bytes = ProviderError.StreamEvent(Operation.Chat, "acme", "The stream \"broke\"\n", "upstream_error", null);

        Assert.Equal(
            """data: {"error":{"message":"acme error: The stream \"broke\"\n","type":"upstream_error","param":null,"code":null},"provider":"acme"}""" + "\n\n",
            Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void Never_throws_and_always_writes_json()
    {
        var random = new Random(99);
        string[] pieces =
        [
            "{", "}", "[", "]", ":", ",", "\"", "\"error\"", "\"message\"", "\"detail\"", "\"loc\"", "\"errors\"", "\"code\"", "\"type\"", "\"\\ud800\"",
            "\"m\\u0065ssage\"", "null", "1e999", "-0", "true", "\"\\ud83d\\ude00\"", "\\", "\n", "é", "{\"error\":{", "\"message\":\"", "[[[[[[[[", "data: ", "\"err\\ud800or\":1",
        ];
        for (var round = 0; round < 20_000; round++)
        {
            var body = Encoding.UTF8.GetBytes(string.Concat(random.GetItems(pieces, random.Next(14))));
            if (body.Length > 0 && random.Next(3) == 0) body[random.Next(body.Length)] = (byte)random.Next(256);
            var json = ProviderError.Normalise("p\ud800", random.Next(600), random.Next(2) == 0 ? null : "text/event-stream", body);

            using var document = JsonDocument.Parse(json);
            Assert.NotNull(document.RootElement.GetProperty("error").GetProperty("message").GetString());
            Assert.True(document.RootElement.GetProperty("error").GetProperty("code").ValueKind is not (JsonValueKind.Object or JsonValueKind.Array));
        }
    }
}
