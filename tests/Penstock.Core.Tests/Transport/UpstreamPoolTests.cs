using System.Net;
using System.Net.Sockets;
using System.Text;
using Penstock.Json;
using Penstock.Transport;

namespace Penstock.Core.Tests.Transport;

public sealed class UpstreamPoolTests : IDisposable
{
    private readonly Dictionary<string, IPAddress[]> _names = new(StringComparer.Ordinal) { ["localhost"] = [IPAddress.Loopback] };
    private readonly ManualTime _time = new();
    private HostRules _rules = new([], trustLoopback: true);
    private UpstreamPool? _pool;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private UpstreamPool Pool => _pool ??= new UpstreamPool(new Dialer(new AddressGuard(() => _rules), _time, new TestNetwork(name =>
        _names.TryGetValue(name, out var addresses) ? addresses : throw new SocketException((int)SocketError.HostNotFound))));

    public void Dispose() => _pool?.Dispose();

    [Fact]
    public async Task Carries_many_requests_on_one_connection()
    {
        await using var server = new RawServer(AnswerAllAsync);
        for (var i = 0; i < 3; i++) Assert.Equal("hello", await GetAsync(server.Uri()));

        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Never_reuses_a_fresh_connection()
    {
        await using var server = new RawServer(AnswerAllAsync);
        for (var i = 0; i < 3; i++) await GetAsync(server.Uri(), fresh: true);
        await GetAsync(server.Uri(), callers: true, fresh: true);

        Assert.Equal(4, server.Connections);
    }

    [Fact]
    public async Task Never_lets_a_callers_host_ride_on_an_operators_connection()
    {
        await using var server = new RawServer(AnswerAllAsync);
        await GetAsync(server.Uri());
        await GetAsync(server.Uri(), callers: true);
        Assert.Equal(2, server.Connections);

        _rules = new HostRules([], trustLoopback: false);
        await GetAsync(server.Uri());
        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("rebound.example")]
    public async Task Refuses_a_callers_host_that_leads_inside(string host)
    {
        _rules = new HostRules([], trustLoopback: false);
        _names["rebound.example"] = [IPAddress.Loopback];
        await using var server = new RawServer(AnswerAllAsync);

        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(server.Uri(host: host), callers: true));
        Assert.Equal($"The host '{host}' leads to an address that may not be called. Add it to 'trusted_hosts' in penstock.json if it is yours.", UpstreamFault.Describe(fault));
        Assert.Equal(0, server.Connections);
        Assert.Equal("hello", await GetAsync(server.Uri(host: host)));
    }

    /// <summary>The name was public when its text was checked, and private when it was called.</summary>
    [Fact]
    public async Task Judges_the_address_of_every_connection()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.AnswerAsync("hello", "Connection: close\r\n");
        });
        _rules = new HostRules(["turning.example"], trustLoopback: false);
        _names["turning.example"] = [IPAddress.Loopback];
        await GetAsync(server.Uri(host: "turning.example"), callers: true);

        _rules = new HostRules([], trustLoopback: false);
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(server.Uri(host: "turning.example"), callers: true));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Takes_names_below_localhost_for_loopback()
    {
        await using var server = new RawServer(AnswerAllAsync);

        Assert.Equal("hello", await GetAsync(server.Uri(host: "models.localhost"), callers: true));
    }

    [Fact]
    public async Task Tries_the_next_address_when_one_is_dead()
    {
        using var dead = Refusing(IPAddress.Loopback);
        var port = ((IPEndPoint)dead.LocalEndPoint!).Port;
        await using var server = new RawServer(AnswerAllAsync, IPAddress.Parse("127.0.0.2"), port);
        _names["two.example"] = [IPAddress.Loopback, IPAddress.Parse("127.0.0.2")];

        Assert.Equal("hello", await GetAsync(server.Uri(host: "two.example")));
    }

    [Fact]
    public async Task Says_why_no_connection_came_about()
    {
        using var dead = Refusing(IPAddress.Loopback);

        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(new Uri($"http://{dead.LocalEndPoint}/")));
        Assert.Equal("the connection was refused. Check the address, and that the provider is running there.", UpstreamFault.Describe(fault));
        fault = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(new Uri("http://unknown.example/")));
        Assert.Equal("its host name is not known. Check the address for typing errors.", UpstreamFault.Describe(fault));
        await using var noTls = new RawServer(connection => connection.WriteAsync("HTTP/1.1 400 no TLS here\r\n\r\n"));
        fault = await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(new Uri($"https://127.0.0.1:{noTls.Port}/")));
        Assert.Equal("the TLS handshake failed. Check the address, and that this machine trusts its certificate.", UpstreamFault.Describe(fault));
    }

    [Fact]
    public async Task Says_what_was_wrong_with_an_answer()
    {
        await using var server = new RawServer(async connection =>
        {
            var request = await connection.ReadRequestAsync();
            await connection.WriteAsync(
                request.StartsWith("GET /noise", StringComparison.Ordinal) ? "SSH-2.0-OpenSSH\r\n\r\n"
                : request.StartsWith("GET /large", StringComparison.Ordinal) ? "HTTP/1.1 200 OK\r\nX: " + new string('x', 200_000) + "\r\n\r\n"
                : request.StartsWith("GET /cut", StringComparison.Ordinal) ? "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"
                : "");
        });

        Assert.StartsWith("the answer was not valid HTTP.", await FaultOfAsync("/noise"), StringComparison.Ordinal);
        Assert.Equal("the answer's headers are too large.", await FaultOfAsync("/large"));
        Assert.Equal("the connection was closed before the answer was complete.", await FaultOfAsync("/cut"));
        Assert.Equal("the connection was closed before the answer began.", await FaultOfAsync("/nothing"));

        async Task<string> FaultOfAsync(string path) => UpstreamFault.Describe(await Assert.ThrowsAnyAsync<Exception>(() => PostAsync(HttpMethod.Get, server.Uri(path))));
    }

    [Fact]
    public async Task Follows_no_redirect_and_keeps_no_cookie()
    {
        var heads = new List<string>();
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is { Length: > 0 } head)
            {
                heads.Add(head);
                await connection.WriteAsync("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n");
            }
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Uri());
        using var first = await Pool.For(false, false).SendAsync(request, Stop);
        using var again = new HttpRequestMessage(HttpMethod.Get, server.Uri());
        using var second = await Pool.For(false, false).SendAsync(again, Stop);

        Assert.Equal(HttpStatusCode.Found, first.StatusCode);
        Assert.Equal(2, heads.Count);
        Assert.All(heads, head => Assert.Equal($"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\n\r\n", head));
    }

    [Fact]
    public void Leaves_nothing_to_the_environment()
    {
        using var handler = UpstreamPool.CreateHandler((_, _) => throw new NotSupportedException(), TimeSpan.Zero);

        Assert.False(handler.UseProxy);
        Assert.False(handler.PreAuthenticate);
        Assert.Null(handler.Credentials);
        Assert.Equal(DecompressionMethods.None, handler.AutomaticDecompression);
        Assert.Equal(int.MaxValue, handler.MaxConnectionsPerServer);
    }

    [Fact]
    public async Task Sends_small_pieces_without_delay()
    {
        Socket? ours = null;
        await using var server = new RawServer(AnswerAllAsync);
        using var handler = UpstreamPool.CreateHandler(
            async (context, cancellationToken) =>
            {
                var stream = await new Dialer(new AddressGuard(() => _rules), _time, new SystemNetwork()).ConnectAsync(context, cancellationToken);
                ours = ((NetworkStream)stream).Socket;
                return stream;
            },
            TimeSpan.Zero);
        using var invoker = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Uri());
        using var response = await invoker.SendAsync(request, Stop);

        Assert.True(ours!.NoDelay);
    }

    [Fact]
    public async Task Tells_a_reused_connection_that_died_from_a_fresh_one()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            if (connection.Number > 1) return;
            await connection.AnswerAsync("hello");
            await connection.ReadRequestAsync();
            connection.Reset();
        });
        await PostAsync(HttpMethod.Post, server.Uri());

        var reused = await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(HttpMethod.Post, server.Uri()));
        Assert.Equal(1, server.Connections);
        Assert.True(UpstreamFault.IsDeadConnection(reused));

        var fresh = await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(HttpMethod.Post, server.Uri()));
        Assert.Equal(2, server.Connections);
        Assert.False(UpstreamFault.IsDeadConnection(fresh));
    }

    [Fact]
    public async Task Takes_no_half_answer_for_a_dead_connection()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.AnswerAsync("hello");
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-");
        });
        await PostAsync(HttpMethod.Post, server.Uri());

        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(HttpMethod.Post, server.Uri()));
        Assert.Equal(1, server.Connections);
        Assert.False(UpstreamFault.IsDeadConnection(fault));
    }

    [Fact]
    public async Task Reads_an_answer_that_ends_with_its_connection()
    {
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\n\r\nhello");
        });

        Assert.Equal("hello", await PostAsync(HttpMethod.Post, server.Uri()));
    }

    /// <summary>Whoever waits for a connection gets the first that is free, not the one that was opened for him.</summary>
    [Fact]
    public async Task Stops_the_connect_clock_of_the_request_that_is_really_sent()
    {
        using var release = new SemaphoreSlim(0);
        using var arrived = new SemaphoreSlim(0);
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is { Length: > 0 })
            {
                arrived.Release();
                await release.WaitAsync(connection.Stop);
                await connection.AnswerAsync("hello");
            }
        });
        var resolved = new TaskCompletionSource<IPAddress[]>();
        var lookups = 0;
        using var pool = new UpstreamPool(new Dialer(new AddressGuard(() => _rules), _time, new TestNetwork(_ =>
            Interlocked.Increment(ref lookups) == 1 ? Task.FromResult<IPAddress[]>([IPAddress.Loopback]) : resolved.Task)));

        // The only connection that can be opened is busy; the second waits for one that hangs in its name's resolution.
        var first = SendAsync(pool, server.Uri(host: "slow.example"), out _);
        await arrived.WaitAsync(Stop);
        var second = SendAsync(pool, server.Uri(host: "slow.example"), out var clock);
        release.Release();
        await first;
        await arrived.WaitAsync(Stop);
        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(AttemptEnd.None, clock.End);
        release.Release();
        Assert.Equal("hello", await second);
        Assert.Equal(1, server.Connections);
        resolved.SetResult([IPAddress.Loopback]);
    }

    [Fact]
    public async Task Runs_the_connect_clock_until_the_request_is_sent()
    {
        var lookup = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var pool = new UpstreamPool(new Dialer(new AddressGuard(() => _rules), _time, new TestNetwork(_ =>
        {
            lookup.SetResult();
            return new TaskCompletionSource<IPAddress[]>().Task; // a resolver that cannot be interrupted
        })));
        var sending = SendAsync(pool, new Uri("http://hanging.example/"), out var clock);
        await lookup.Task.WaitAsync(Stop);
        _time.Advance(TimeSpan.FromSeconds(10));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(AttemptEnd.Connect, clock.End);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Runs_the_headers_clock_once_the_request_is_sent(bool withBody)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            arrived.SetResult();
            await connection.ClosedAsync();
        });
        var sending = SendAsync(Pool, server.Uri(), out var clock, withBody);
        await arrived.Task.WaitAsync(Stop);
        _time.Advance(TimeSpan.FromSeconds(599));
        Assert.Equal(AttemptEnd.None, clock.End);
        _time.Advance(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(AttemptEnd.Headers, clock.End);
    }

    /// <summary>Every token that a provider still makes costs money, so nothing is read for the sake of the connection.</summary>
    [Fact]
    public async Task Hangs_up_at_once_when_an_answer_is_abandoned()
    {
        var abandoned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new RawServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            await abandoned.Task.WaitAsync(connection.Stop);
            try
            {
                // Whoever waits for the rest gets it, and keeps the connection.
                await connection.WriteAsync("0\r\n\r\n");
                await connection.ClosedAsync();
            }
            catch (IOException)
            {
                // Closed while we wrote.
            }

            closed.SetResult();
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Uri());
        var response = await Pool.For(false, false).SendAsync(request, Stop);
        var body = await response.Content.ReadAsStreamAsync(Stop);
        await body.ReadExactlyAsync(new byte[5], Stop);
        response.Dispose();
        abandoned.SetResult();

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20), Stop);
    }

    [Fact]
    public async Task Sends_the_pieces_of_a_leased_body_again_and_again()
    {
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is { Length: > 0 } request) await connection.AnswerAsync(request[^11..]);
        });
        var lease = new BodyLease(16);
        lease.Append("hello world"u8);
        var segments = new BodySegments([lease.Memory[..6], "World"u8.ToArray()], 2);
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, server.Uri()) { Content = new LeasedContent(lease, segments) };
            using var response = await Pool.For(false, false).SendAsync(request, Stop);
            Assert.Equal("hello World", await response.Content.ReadAsStringAsync(Stop));
        }

        lease.Release();
        using var late = new HttpRequestMessage(HttpMethod.Post, server.Uri()) { Content = new LeasedContent(lease, segments) };
        await Assert.ThrowsAnyAsync<Exception>(() => Pool.For(false, false).SendAsync(late, Stop));
    }

    /// <summary>A port that is taken, so that nobody else can listen there, and on which nobody listens.</summary>
    private static Socket Refusing(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    private static async Task AnswerAllAsync(RawConnection connection)
    {
        while (await connection.ReadRequestAsync() is { Length: > 0 }) await connection.AnswerAsync("hello");
    }

    private async Task<string> GetAsync(Uri uri, bool callers = false, bool fresh = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        using var response = await Pool.For(callers, fresh).SendAsync(request, Stop);
        return await response.Content.ReadAsStringAsync(Stop);
    }

    private async Task<string> PostAsync(HttpMethod method, Uri uri)
    {
        using var request = new HttpRequestMessage(method, uri);
        if (method == HttpMethod.Post) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}"));
        using var response = await Pool.For(false, false).SendAsync(request, Stop);
        return await response.Content.ReadAsStringAsync(Stop);
    }

    private Task<string> SendAsync(UpstreamPool pool, Uri uri, out AttemptClock clock, bool withBody = true)
    {
        var started = clock = new AttemptClock(_time, Clocks.BuiltIn, CancellationToken.None, Stop);
        return ReadAsync();

        async Task<string> ReadAsync()
        {
            using var request = new HttpRequestMessage(withBody ? HttpMethod.Post : HttpMethod.Get, uri);
            request.Options.Set(Dialer.Clock, started);
            request.Headers.TryAddWithoutValidation("User-Agent", "test");
            if (withBody) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}"));
            using var response = await pool.For(false, false).SendAsync(request, started.Token);
            started.HeadersArrived();
            var text = await response.Content.ReadAsStringAsync(started.Token);
            started.Dispose();
            return text;
        }
    }
}
