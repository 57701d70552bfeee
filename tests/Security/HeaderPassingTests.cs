using System.Text;
using Penstock.Providers;
using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>What belongs to one connection, to a browser or to the gateway goes neither up nor down.</summary>
public sealed class HeaderPassingTests
{
    private static readonly string[] OfTheProvider =
    [
        "Connection: close, X-Inner", "X-Inner", "Keep-Alive", "Proxy-Authenticate", "Set-Cookie", "Set-Cookie2", "X-Accel-Redirect", "X-Accel-Buffering", "X-Sendfile",
        "Access-Control-Allow-Methods", "Access-Control-Allow-Origin", "Clear-Site-Data", "Service-Worker-Allowed", "Strict-Transport-Security",
        "Alt-Svc", "x-portkey-cache-status", "x-penstock-dropped", "Server", "Trailer", "Upgrade", "Refresh",
    ];

    private static CancellationToken Stop => Patience.Token;

    /// <summary>As far as the server lets us see it: of a list that holds keep-alive or close, it shows that word alone.</summary>
    [Theory]
    [InlineData("/v1/proxy/x", "")]
    [InlineData("/v1/messages", "")]
    [InlineData("/v1/proxy/x", "x-portkey-forward-headers: x-hop, x-hop-two, x-stays\r\n")]
    [InlineData("/v1/chat/completions", "x-portkey-forward-headers: x-hop, x-hop-two, x-stays\r\n")]
    public async Task What_the_connection_header_names_stays_on_its_connection(string path, string more)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        await using var client = new RawClient(world);
        await client.SendAsync(RawClient.Head(path, $"{more}Connection: X-Hop, other\r\nConnection: x-hop-TWO\r\nX-Hop: 1\r\nX-Hop-Two: 2\r\nX-Stays: 3\r\nContent-Length: 13\r\n") + "\r\n{\"model\":\"m\"}");
        Assert.StartsWith("HTTP/1.1 200", await client.ReadAnswerAsync(), StringComparison.Ordinal);
        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.Equal("3", received.Headers["x-stays"]);
        Assert.DoesNotContain(received.Headers, header => header.Key.ToUpperInvariant() is "X-HOP" or "X-HOP-TWO" or "CONNECTION");
    }

    public static TheoryData<string> OfTheConnection => new("Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "Proxy-Authentication-Info", "TE", "Trailer",
        "Upgrade", "HTTP2-Settings", "Cookie", "Cookie2", "Forwarded", "Via", "X-Real-IP", "True-Client-IP", "CF-Connecting-IP", "X-Forwarded-Host", "x-penstock-loop");

    [Theory]
    [MemberData(nameof(OfTheConnection))]
    public async Task It_does_not_go_up(string name)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        await using var client = new RawClient(world);
        await client.SendAsync(RawClient.Head("/v1/proxy/x", $"x-portkey-forward-headers: {name}\r\n{name}: canary-value\r\nContent-Length: 2\r\n") + "\r\n{}");
        Assert.StartsWith("HTTP/1.1 200", await client.ReadAnswerAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain((await world.Provider.NextRequestAsync(Stop)).Headers, header => header.Value.Contains("canary", StringComparison.Ordinal));
    }

    /// <summary>Every header by which a caller tells us something, its credentials among them.</summary>
    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/messages")]
    [InlineData("/v1/proxy/x")]
    public async Task Nothing_that_is_said_to_us_goes_up_as_it_is(string path)
    {
        string[] ours =
        [
            "x-portkey-api-key", "x-portkey-virtual-key", "x-portkey-metadata", "x-portkey-trace-id", "x-portkey-custom-anything", "X-PORTKEY-API-KEY-2",
            .. Catalogue.BuiltIn.Rows.SelectMany(row => row.Options.Values).SelectMany(option => option.Headers).Where(name => name.StartsWith("x-portkey-", StringComparison.Ordinal)).Distinct(),
        ];
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var request = world.Json(path, """{"model":"m","messages":[]}""");
        foreach (var name in ours) request.Headers.TryAddWithoutValidation(name, "canary-value");
        request.Headers.TryAddWithoutValidation("x-other", "canary-value"); // the gateway's key in another header
        request.Headers.TryAddWithoutValidation("x-portkey-forward-headers", string.Join(',', ours) + ",x-other");
        var answer = await world.SendAsync(request);
        Assert.True(answer.Status == 200, answer.Text);
        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.DoesNotContain(received.Headers, header => header.Key.StartsWith("x-portkey", StringComparison.OrdinalIgnoreCase) || header.Value.Contains("canary", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(429)]
    public async Task What_is_the_providers_own_business_does_not_come_down(int status)
    {
        await using var world = await TestWorld.StartAsync();
        const string body = """{"choices":[]}""";
        var head = string.Concat(
            OfTheProvider.Select(line => line.Contains(':', StringComparison.Ordinal) ? line + "\r\n" : line + ": inner-value\r\n"));
        world.Provider.Always(Reply.Raw(Encoding.Latin1.GetBytes($"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n{head}x-request-id: r1\r\nx-ratelimit-limit: 3\r\n\r\n{body}")));
        foreach (var path in new[] { "/v1/chat/completions", "/v1/proxy/x" })
        {
            var answer = await world.SendAsync(world.Json(path, """{"model":"m"}"""));
            Assert.Equal(status, answer.Status);
            Assert.Equal(("r1", "3"), (answer.Header("x-request-id"), answer.Header("x-ratelimit-limit")));
            Assert.DoesNotContain(answer.Message.Headers.Concat(answer.Message.Content.Headers), header => header.Value.Any(value => value.Contains("inner", StringComparison.OrdinalIgnoreCase)));
        }
    }

    /// <summary>A server that is asked to TRACE sends back what it got, the key of the gateway too.</summary>
    [Theory]
    [InlineData("TRACE")]
    [InlineData("PROPFIND")]
    [InlineData("PURGE")]
    [InlineData("get")]
    public async Task Methods_that_no_API_has_do_not_pass(string method)
    {
        await using var world = await TestWorld.StartAsync();
        await using var client = new RawClient(world);
        await client.SendAsync($"{method} /v1/proxy/x HTTP/1.1\r\nHost: localhost\r\nx-portkey-provider: p0\r\nAuthorization: Bearer {TestWorld.Key}\r\n\r\n");
        var answer = await client.ReadAnswerAsync();
        Assert.StartsWith("HTTP/1.1 405", answer, StringComparison.Ordinal);
        Assert.Contains("Allow: GET, HEAD, POST", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(world.Provider.Requests);
    }

    [Theory]
    [InlineData("?key=mine", "?key=sk-ours-0123")]
    [InlineData("?a=1&key=mine&b=2", "?a=1&b=2&key=sk-ours-0123")]
    [InlineData("?%6Bey=mine&KEY=mine&a=%20", "?a=%20&key=sk-ours-0123")]
    [InlineData("?keys=1", "?keys=1&key=sk-ours-0123")]
    [InlineData("", "?key=sk-ours-0123")]
    public async Task A_key_in_the_query_is_the_only_one_of_its_name(string query, string expected)
    {
        await using var world = await TestWorld.StartAsync(file: providers => $$"""
            { "providers": { "acme": { "base_url": "{{providers[0].BaseUrl}}", "auth": { "kind": "query", "name": "key" } } },
              "configs": { "c": { "provider": "acme", "api_key": "sk-ours-0123" } } }
            """);
        world.Provider.Always(Reply.Json("{}", 202));
        var request = world.Json("/v1/proxy/x" + query, "{}", "c");
        Assert.Equal(202, (await world.SendAsync(request)).Status);
        Assert.Equal("/v1/x" + expected, (await world.Provider.NextRequestAsync(Stop)).RawTarget);
    }

    /// <summary>A body that was packed is not what it seems to whoever does not unpack it.</summary>
    [Theory]
    [InlineData("/v1/chat/completions", 415)]
    [InlineData("/v1/responses", 415)]
    [InlineData("/v1/messages", 415)]
    [InlineData("/v1/files", 415)]
    [InlineData("/v1/proxy/x", 200)]
    public async Task A_packed_body_is_refused_where_its_encoding_would_be_lost(string path, int status)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("{}"));
        var request = world.Json(path, "packed");
        request.Content!.Headers.ContentEncoding.Add("gzip");
        var answer = await world.SendAsync(request);
        Assert.Equal(status, answer.Status);
        if (status == 200) Assert.Equal("gzip", (await world.Provider.NextRequestAsync(Stop)).Headers["Content-Encoding"]);
    }
}
