using System.Text;
using Penstock.Simulator;

namespace Penstock.Core.Tests.Gateway;

/// <summary>Which headers go to the provider, and which come back.</summary>
public sealed class HeaderTests
{
    private static CancellationToken Stop => Patience.Token;

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/proxy/anything")]
    public async Task What_belongs_to_the_caller_or_to_us_never_reaches_the_provider(string path)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var request = world.Json(path, """{"model":"m","messages":[]}""");
        foreach (var (name, value) in new (string, string)[]
        {
            ("Cookie", "session=1"), ("X-Forwarded-For", "1.2.3.4"), ("Forwarded", "for=1.2.3.4"), ("x-portkey-api-key", "pk-1"),
            ("x-portkey-trace-id", "t"), ("x-portkey-metadata", "{}"), ("x-penstock-x", "1"), ("TE", "trailers"),
            ("Proxy-Authorization", "Basic x"), ("Keep-Alive", "timeout=5"), ("Accept-Encoding", "gzip"), ("Origin", "http://localhost"),
        })
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        Assert.Equal(200, (await world.SendAsync(request)).Status);

        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.Equal(["Authorization", "Content-Length", "Content-Type", "Host", "User-Agent", "x-penstock-hops"], received.Headers.Select(header => header.Key).Order(StringComparer.Ordinal));
        Assert.Equal(new Uri(world.Provider.Origin).Authority, received.Headers["Host"]);
    }

    [Fact]
    public async Task Client_headers_pass_on_a_path_that_is_nobodys()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var request = world.Json("/v1/proxy/x", "{}");
        request.Headers.Add("OpenAI-Beta", "assistants=v2");
        request.Headers.Add("X-Custom", ["one", "two"]);
        await world.SendAsync(request);
        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.Equal("assistants=v2", received.Headers["OpenAI-Beta"]);
        Assert.Contains("one", received.Headers["X-Custom"], StringComparison.Ordinal);
        Assert.Contains("two", received.Headers["X-Custom"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forwarded_headers_are_found_whatever_their_spelling_and_beat_the_rows()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var request = world.Json("/v1/chat/completions", """{"model":"m","messages":[]}""");
        request.Headers.Add("x-portkey-forward-headers", "X-First, mySecondHeader, not-there, user-agent");
        request.Headers.Add("x-first", "1");
        request.Headers.Add("my-second-header", "2");
        request.Headers.TryAddWithoutValidation("User-Agent", "mine/1");
        await world.SendAsync(request);
        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.Equal("1", received.Headers["x-first"]);
        Assert.Equal("2", received.Headers["my-second-header"]);
        Assert.Equal("mine/1", received.Headers["user-agent"]);
        Assert.False(received.Headers.Contains("not-there"));
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Cookie", "session=1")]
    [InlineData("x-portkey-api-key", "pk-1")]
    [InlineData("X-Forwarded-For", "1.2.3.4")]
    [InlineData("Transfer-Encoding", "chunked")]
    public async Task Some_headers_are_not_forwarded_even_when_asked_for(string name, string value)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var request = world.Json("/v1/chat/completions", """{"model":"m","messages":[]}""");
        request.Headers.Add("x-portkey-forward-headers", name);
        if (name != "Transfer-Encoding") request.Headers.TryAddWithoutValidation(name, value);
        else request.Headers.TransferEncodingChunked = true;
        Assert.Equal(200, (await world.SendAsync(request)).Status);
        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.Equal(new Uri(world.Provider.Origin).Authority, received.Headers["Host"]);
        if (name != "Host") Assert.False(received.Headers.Contains(name));
    }

    /// <summary>
    /// What is not ASCII in a header: curl and Python write UTF-8, fetch in Node.js and browsers Latin-1. Both are read.
    /// </summary>
    [Theory]
    [InlineData("utf-8", "José", 0)]
    [InlineData("latin1", "José", 0)]
    [InlineData("utf-8", "漢字", 1)]
    [InlineData("us-ascii", "Jos\\u00e9", 0)]
    public async Task Metadata_is_read_in_either_encoding(string encoding, string name, int target)
    {
        await using var world = await TestWorld.StartAsync();
        using var client = world.CreateClient(Encoding.GetEncoding(encoding));
        var request = world.Chat("""{"strategy":{"mode":"conditional","conditions":[{"query":{"metadata.name":"Jos\u00e9"},"then":"a"}],"default":"b"},"targets":[{"name":"a","provider":"p0"},{"name":"b","provider":"p0"}]}""");
        request.Headers.TryAddWithoutValidation("x-portkey-metadata", $$"""{"name":"{{name}}"}""");
        using var response = await client.SendAsync(request, Stop);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal([$"config.targets[{target}]"], response.Headers.GetValues("x-portkey-last-used-option-index"));
    }

    [Fact]
    public async Task A_forwarded_header_need_not_be_ascii()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        using var client = world.CreateClient(Encoding.UTF8);
        var request = world.Chat("""{"provider":"p0","forward_headers":["x-user"]}""");
        request.Headers.TryAddWithoutValidation("x-user", "José");
        using var response = await client.SendAsync(request, Stop);
        Assert.Equal(200, (int)response.StatusCode);

        // The simulator shows bytes.
        Assert.Equal("José", Encoding.UTF8.GetString(Encoding.Latin1.GetBytes((await world.Provider.NextRequestAsync(Stop)).Headers["x-user"]!)));
    }

    [Fact]
    public async Task A_header_of_the_provider_need_not_be_ascii()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}""").WithHeader("x-owner", "José"));
        var answer = await world.SendAsync(world.Chat());
        Assert.Equal((200, "José"), (answer.Status, answer.Header("x-owner")));
    }

    [Fact]
    public async Task A_bare_key_gets_its_scheme()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        world.Client.DefaultRequestHeaders.Remove("Authorization");
        var request = world.Json("/v1/chat/completions", """{"model":"m","messages":[]}""");
        request.Headers.TryAddWithoutValidation("Authorization", "sk-bare");
        await world.SendAsync(request);
        Assert.Equal("Bearer sk-bare", (await world.Provider.NextRequestAsync(Stop)).Headers["Authorization"]);
    }

    [Fact]
    public async Task A_client_of_anthropics_api_states_its_own_version()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var request = world.Json("/v1/messages", """{"model":"m","messages":[],"max_tokens":1}""", $$"""{"provider":"anthropic","custom_host":"{{world.Provider.BaseUrl}}"}""");
        request.Headers.Add("anthropic-version", "2099-01-01");
        Assert.Equal(200, (await world.SendAsync(request)).Status);
        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.Equal("2099-01-01", received.Headers["anthropic-version"]);
        Assert.Equal(TestWorld.Key, received.Headers["x-api-key"]);
        Assert.Equal("/v1/messages", received.RawTarget);
    }

    [Fact]
    public async Task A_configured_key_wins_over_the_one_that_the_client_sends()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        await world.SendAsync(world.Json("/v1/proxy/x", "{}", """{"provider":"p0","api_key":"sk-configured"}"""));
        Assert.Equal("Bearer sk-configured", (await world.Provider.NextRequestAsync(Stop)).Headers["Authorization"]);
    }

    [Fact]
    public async Task The_gateways_own_key_is_no_provider_key()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var request = world.Json("/v1/chat/completions", """{"model":"m","messages":[]}""");
        request.Headers.Add("x-portkey-api-key", TestWorld.Key);
        await world.SendAsync(request);
        Assert.False((await world.Provider.NextRequestAsync(Stop)).Headers.Contains("Authorization"));
    }

    [Fact]
    public async Task Every_answer_says_how_it_came_about()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}""").WithHeader("x-portkey-provider", "upstream").WithHeader("set-cookie", "a=b").WithHeader("server", "nginx"));
        var request = world.Chat();
        request.Headers.Add("x-portkey-trace-id", "my-trace");
        var answer = await world.SendAsync(request);
        Assert.Equal("my-trace", answer.Header("x-portkey-trace-id"));
        Assert.Equal("p0", answer.Header("x-portkey-provider"));
        Assert.Equal("config", answer.Leaf);
        Assert.Equal("0", answer.Retries);
        Assert.Equal("DISABLED", answer.Header("x-portkey-cache-status"));
        Assert.Null(answer.Header("set-cookie"));
        Assert.Null(answer.Header("server"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    public async Task A_trace_id_is_always_there(string? traceparent)
    {
        await using var world = await TestWorld.StartAsync();
        var request = world.Json("/v1/chat/completions", "not json");
        if (traceparent is not null) request.Headers.Add("traceparent", traceparent);
        var answer = await world.SendAsync(request);
        Assert.Equal(400, answer.Status);
        var trace = answer.Header("x-portkey-trace-id");
        Assert.False(string.IsNullOrEmpty(trace));
        if (traceparent is not null) Assert.Equal("0af7651916cd43dd8448eb211c80319c", trace);
    }

    [Fact]
    public async Task A_custom_host_replaces_the_base_and_never_gets_a_double_slash()
    {
        await using var world = await TestWorld.StartAsync(providers: 2);
        world.Providers[1].Always(Reply.Json("""{"choices":[]}"""));
        var request = world.Chat();
        request.Headers.Add("x-portkey-custom-host", world.Providers[1].BaseUrl + "/");
        Assert.Equal(200, (await world.SendAsync(request)).Status);
        Assert.Equal("/v1/chat/completions", (await world.Providers[1].NextRequestAsync(Stop)).RawTarget);
        Assert.Empty(world.Provider.Requests);
    }
}
