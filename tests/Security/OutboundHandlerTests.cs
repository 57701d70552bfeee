using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using Penstock.Simulator;
using Penstock.Transport;

namespace Penstock.Security.Tests;

/// <summary>
/// What the client library would do of its own accord, and must not: each is shown by what a server receives, beside a
/// handler that does it.
/// </summary>
public sealed class OutboundHandlerTests
{
    private static CancellationToken Stop => Patience.Token;

    /// <summary>Caller-given or not, repeat or not.</summary>
    public static TheoryData<bool, bool> Pools => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory]
    [MemberData(nameof(Pools))]
    public async Task Takes_no_proxy_from_the_environment(bool callerNamed, bool fresh)
    {
        await using var proxy = new RawServer(connection => AnswerAsync(connection, "proxy"));
        await using var server = new RawServer(connection => AnswerAsync(connection, "server"));
        var environment = HttpClient.DefaultProxy;
        try
        {
            // What the library makes of HTTP_PROXY and its like.
            HttpClient.DefaultProxy = new WebProxy(proxy.Uri());
            using var ordinary = new HttpMessageInvoker(new SocketsHttpHandler());
            Assert.Equal("proxy", await GetAsync(ordinary, server.Uri()));
            using var pool = Pool();
            Assert.Equal("server", await GetAsync(pool.For(callerNamed, fresh), server.Uri()));
        }
        finally
        {
            HttpClient.DefaultProxy = environment;
        }
    }

    [Theory]
    [MemberData(nameof(Pools))]
    public async Task Tells_a_provider_nothing_of_the_activity_at_hand(bool callerNamed, bool fresh)
    {
        var heads = new ConcurrentQueue<string>();
        await using var server = new RawServer(connection => AnswerAsync(connection, "server", heads));
        using var activity = new Activity("a request of the gateway").SetIdFormat(ActivityIdFormat.W3C).Start();
        activity.TraceStateString = "a=b";
        activity.AddBaggage("caller", "secret");
        using var ordinary = new HttpMessageInvoker(new SocketsHttpHandler());
        await GetAsync(ordinary, server.Uri());
        Assert.Contains("traceparent", heads.Last(), StringComparison.OrdinalIgnoreCase);
        using var pool = Pool();
        await GetAsync(pool.For(callerNamed, fresh), server.Uri());

        Assert.Equal($"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\n\r\n", heads.Last());
    }

    [Theory]
    [MemberData(nameof(Pools))]
    public async Task Keeps_no_cookie_and_follows_no_redirect(bool callerNamed, bool fresh)
    {
        var heads = new ConcurrentQueue<string>();
        await using var elsewhere = new RawServer(connection => AnswerAsync(connection, "elsewhere"));
        await using var server = new RawServer(connection => AnswerAsync(connection, "", heads, status: "307 Temporary Redirect", headers: $"Location: {elsewhere.Uri()}\r\nSet-Cookie: a=b; Path=/\r\n"));
        using var pool = Pool();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, server.Uri());
            using var response = await pool.For(callerNamed, fresh).SendAsync(request, Stop);
            Assert.Equal(307, (int)response.StatusCode);
        }

        Assert.Equal(2, heads.Count);
        Assert.DoesNotContain("Cookie", heads.Last(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, elsewhere.Connections);
    }

    [Theory]
    [MemberData(nameof(Pools))]
    public async Task Asks_for_no_encoding_and_undoes_none(bool callerNamed, bool fresh)
    {
        var heads = new ConcurrentQueue<string>();
        await using var server = new RawServer(connection => AnswerAsync(connection, "not gzip at all", heads, headers: "Content-Encoding: gzip\r\n"));
        using var pool = Pool();

        Assert.Equal("not gzip at all", await GetAsync(pool.For(callerNamed, fresh), server.Uri()));
        Assert.DoesNotContain("Accept-Encoding", heads.Last(), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The machine's own credentials are for nobody who asks for them.</summary>
    [Theory]
    [InlineData("Negotiate")]
    [InlineData("NTLM")]
    [InlineData("Basic realm=\"x\"")]
    public async Task Answers_no_challenge(string challenge)
    {
        await using var server = new RawServer(connection => AnswerAsync(connection, "", status: "401 Unauthorized", headers: $"WWW-Authenticate: {challenge}\r\n"));
        using var pool = Pool();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Uri());
        using var response = await pool.For(callerNamedHost: true, fresh: false).SendAsync(request, Stop);

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal(1, server.Connections);
    }

    /// <summary>Through the whole gateway: the redirect is the caller's to see, and no key goes after it.</summary>
    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Follows_no_redirect(int status)
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Providers[0].Always(Reply.Status(status, "{}").WithHeader("Location", world.Providers[1].BaseUrl + "/x").WithHeader("Set-Cookie", "a=b"));
        foreach (var (path, expected) in ((string, int)[])[("/v1/chat/completions", 502), ("/v1/proxy/x", status)])
        {
            var answer = await world.SendAsync(world.Json(path, """{"model":"m","messages":[]}"""));
            Assert.Equal(expected, answer.Status);
            Assert.Null(answer.Header("Set-Cookie"));
        }

        Assert.Equal(2, world.Providers[0].RequestCount);
        Assert.Equal(0, world.Providers[1].RequestCount);
    }

    private static UpstreamPool Pool() =>
        new(new Dialer(new AddressGuard(() => new HostRules([], trustLoopback: true)), TimeProvider.System, new SystemNetwork()));

    private static async Task<string> GetAsync(HttpMessageInvoker invoker, Uri uri)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        using var response = await invoker.SendAsync(request, Stop);
        return await response.Content.ReadAsStringAsync(Stop);
    }

    private static async Task AnswerAsync(RawConnection connection, string body, ConcurrentQueue<string>? heads = null, string status = "200 OK", string headers = "")
    {
        while (await connection.ReadRequestAsync() is { Length: > 0 } head)
        {
            heads?.Enqueue(head);
            await connection.WriteAsync($"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}");
        }
    }
}
