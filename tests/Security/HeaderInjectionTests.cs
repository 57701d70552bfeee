using System.Text;
using System.Text.Json;
using Penstock.Providers;
using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>
/// No value of JSON, a file or the environment can end a header line: the client library writes a line break to the wire
/// as it is. The provider here shows the raw bytes.
/// </summary>
public sealed class HeaderInjectionTests
{
    private const string Mark = "X-Injected";

    private static readonly string[] Breaks = ["\r\n", "\n", "\r", "\0", "\u000b", "\u001b", "\u007f"];

    public static TheoryData<string> Rows => new(Catalogue.BuiltIn.Rows.Where(row => row.Options.Count > 0).Select(row => row.Id).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task No_option_of_any_row_takes_a_line_break(string id)
    {
        await using var world = await TestWorld.StartAsync();
        await using var provider = new RawServer(connection => connection.AnswerAsync("{\"choices\":[]}", "Connection: close\r\n"));
        var row = Catalogue.BuiltIn.Find(id)!;
        foreach (var member in row.Options.Values.SelectMany(option => option.Aliases.Append(option.Name)))
        {
            foreach (var end in Breaks)
            {
                var value = JsonSerializer.Serialize($"a{end}{Mark}: 1");
                foreach (var config in new[]
                {
                    $$"""{"provider":"{{id}}","api_key":"k","custom_host":"{{provider.Uri("/v1")}}","{{member}}":{{value}}}""",
                    $$"""{"strategy":{"mode":"single"},"targets":[{"provider":"{{id}}","api_key":"k","custom_host":"{{provider.Uri("/v1")}}","{{member}}":{{value}}}]}""",
                    $$"""{"custom_host":"{{provider.Uri("/v1")}}","{{member}}":{{value}}}""",
                })
                {
                    var request = world.Chat(config);
                    if (!config.Contains("provider", StringComparison.Ordinal)) request.Headers.Add("x-portkey-provider", id);
                    var answer = await world.SendAsync(request);
                    Assert.True(answer.Status == 400, $"{member}: {answer.Status} {answer.Text}");
                    Assert.Contains(member, answer.Text, StringComparison.Ordinal);
                }

                var file = $$$"""{"configs":{"c":{"provider":"{{{id}}}","{{{member}}}":{{{value}}} } } }""";
                Assert.Contains(Files.Faults(file), fault => fault.Contains(member, StringComparison.Ordinal));
            }
        }

        Assert.Equal(0, provider.Connections);
    }

    /// <summary>The same options with a value that may pass: the walk above reaches headers.</summary>
    [Fact]
    public async Task What_may_pass_arrives_as_UTF_8()
    {
        await using var world = await TestWorld.StartAsync();
        var heads = new List<string>();
        await using var provider = new RawServer(async connection =>
        {
            heads.Add(await connection.ReadRequestAsync());
            await connection.AnswerAsync("{\"choices\":[]}", "Connection: close\r\n");
        });
        foreach (var (id, member, header) in new[] { ("openai", "openai_organization", "openai-organization"), ("openai", "openai_project", "openai-project"), ("anthropic", "anthropic_beta", "anthropic-beta") })
        {
            var answer = await world.SendAsync(world.Chat($$"""{"provider":"{{id}}","api_key":"k","custom_host":"{{provider.Uri("/v1")}}","{{member}}":"J\u00f6\u6f22\t\ud83d\ude00"}"""));
            Assert.True(answer.Status == 200, answer.Text);
            Assert.Contains($"{header}: J\u00f6\u6f22\t\U0001F600\r\n", heads[^1], StringComparison.OrdinalIgnoreCase);
        }
    }

    public static TheoryData<string> Members => new(
        """{"provider":"p0","api_key":"a?X-Injected: 1"}""",
        """{"provider":"p0","apiKey":"a?X-Injected: 1"}""",
        """{"strategy":{"mode":"fallback"},"targets":[{"provider":"p0","api_key":"a?X-Injected: 1"}]}""",
        """{"provider":"p0","forward_headers":["x-user?X-Injected"]}""",
        """{"provider":"p0","forwardHeaders":["x-user: 1?X-Injected"]}""",
        """{"provider":"p0","custom_host":"http://127.0.0.1:1/v1?X-Injected: 1"}""",
        """{"provider":"p0","customHost":"http://127.0.0.1:1?X-Injected: 1"}""");

    [Theory]
    [MemberData(nameof(Members))]
    public async Task No_member_of_a_config_takes_a_line_break(string config)
    {
        await using var world = await TestWorld.StartAsync();
        foreach (var end in Breaks)
        {
            var answer = await world.SendAsync(world.Chat(config.Replace("?", JsonSerializer.Serialize(end)[1..^1], StringComparison.Ordinal)));
            Assert.True(answer.Status == 400, answer.Text);
            Assert.Equal("invalid_config", answer.Json.GetProperty("error").GetProperty("code").GetString());
        }

        Assert.Empty(world.Provider.Requests);
    }

    /// <summary>What would go into a query or a path is escaped or refused.</summary>
    [Theory]
    [InlineData("""{"provider":"p0","override_params":{"model":"m\r\nX-Injected: 1"}}""")]
    [InlineData("""{"provider":"predibase","predibase_tenant_id":"t","custom_host":"http://127.0.0.1:PORT","override_params":{"model":"m\r\nX-Injected: 1 HTTP/1.1"}}""")]
    public async Task A_models_name_ends_no_line(string config)
    {
        await using var world = await TestWorld.StartAsync();
        var head = "";
        await using var provider = new RawServer(async connection =>
        {
            var request = await connection.ReadRequestAsync();
            head = request[..request.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
            await connection.AnswerAsync("{\"choices\":[]}", "Connection: close\r\n");
        });
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var answer = await world.SendAsync(world.Chat(config.Replace("PORT", $"{provider.Port}", StringComparison.Ordinal)));
        Assert.True(answer.Status is 200 or 400, answer.Text);
        Assert.DoesNotContain("\n" + Mark, head, StringComparison.Ordinal);
        if (world.Provider.Requests is [var received]) Assert.False(received.Headers.Contains(Mark));
    }

    [Theory]
    [InlineData("""{"providers":{"acme":{"base_url":"http://h","headers":{"x-a":"a?X-Injected: 1"}}}}""")]
    [InlineData("""{"providers":{"acme":{"base_url":"http://h","headers":{"x-a?X-Injected":"1"}}}}""")]
    [InlineData("""{"providers":{"acme":{"base_url":"http://h","auth":{"kind":"header","name":"x-key: 1?X-Injected"}}}}""")]
    [InlineData("""{"providers":{"acme":{"base_url":"http://h","auth":{"kind":"header","name":"Host"}}}}""")]
    [InlineData("""{"providers":{"acme":{"base_url":"http://h","auth":{"kind":"header","name":"Transfer-Encoding"}}}}""")]
    [InlineData("""{"providers":{"acme":{"base_url":"http://h","auth":{"kind":"query","name":"k?X-Injected"}}}}""")]
    [InlineData("""{"providers":{"acme":{"base_url":"http://h","auth":{"kind":"query","name":"k&x"}}}}""")]
    [InlineData("""{"providers":{"acme":{"base_url":"http://h","auth":{"kind":"bearer","scheme":"Key?X-Injected:"}}}}""")]
    [InlineData("""{"providers":{"acme":{"base_url":"http://h/v1?X-Injected: 1"}}}""")]
    [InlineData("""{"providers":{"acme":{"base_url":"http://h","path_prefix":"/a?X-Injected"}}}""")]
    [InlineData("""{"providers":{"acme?":{"base_url":"http://h"}}}""")]
    [InlineData("""{"configs":{"a?b":{"provider":"openai"}}}""")]
    public void No_row_of_a_file_takes_a_line_break(string file)
    {
        foreach (var end in new[] { "\r\n", "\n", "\0" })
        {
            Files.Read(file.Replace("?", JsonSerializer.Serialize(end)[1..^1], StringComparison.Ordinal), out var faults);
            Assert.True(faults.Length > 0, $"{file} with {JsonSerializer.Serialize(end)}");
        }
    }

    [Theory]
    [InlineData("sk\r\nX-Injected: 1")]
    [InlineData("sk\nX-Injected: 1")]
    [InlineData("sk\0")]
    public async Task No_key_of_the_environment_ends_a_line(string key)
    {
        await using var world = await TestWorld.StartAsync(
            environment: new Dictionary<string, string> { ["ACME_API_KEY"] = key },
            file: providers => $$$"""{"providers":{"acme":{"base_url":"{{{providers[0].BaseUrl}}}","environment_keys":["ACME_API_KEY"] } } }""");
        world.Client.DefaultRequestHeaders.Remove("Authorization");
        var request = world.Chat("""{"provider":"acme"}""");
        var answer = await world.SendAsync(request);
        Assert.Equal(400, answer.Status);
        Assert.DoesNotContain("sk", answer.Text, StringComparison.Ordinal);
        Assert.Empty(world.Provider.Requests);
    }

    /// <summary>A server takes most control characters in headers; they go no further.</summary>
    [Theory]
    [InlineData("x-portkey-openai-organization: a\u0001b")]
    [InlineData("x-portkey-openai-project: a\u001bb")]
    [InlineData("Authorization: Bearer a\u0001b")]
    [InlineData("x-api-key: a\u007fb")]
    [InlineData("x-user: a\u0002b\r\nx-portkey-forward-headers: x-user")]
    [InlineData("x-user: a\u0002b", "/v1/proxy/x")]
    [InlineData("Content-Type: application/json; a=\u0001", "/v1/proxy/x")]
    [InlineData("Content-Type: application/json; a=\u0001")]
    [InlineData("Content-Type: application/octet-stream; a=\u0001", "/v1/files")]
    public async Task A_header_with_a_control_character_is_not_passed_on(string header, string path = "/v1/chat/completions")
    {
        await using var world = await TestWorld.StartAsync(options: new SimulatorOptions { ApiKey = null });
        const string body = """{"model":"m","messages":[]}""";
        await using var client = new RawClient(world);
        var type = header.StartsWith("Content-Type", StringComparison.Ordinal) ? "" : "Content-Type: application/json\r\n";
        await client.SendAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\n{type}x-portkey-provider: openai\r\nx-portkey-custom-host: {world.Provider.BaseUrl}\r\n{header}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        Assert.StartsWith("HTTP/1.1 400", await client.ReadAnswerAsync(), StringComparison.Ordinal);
        Assert.Empty(world.Provider.Requests);
    }

    [Theory]
    [InlineData("a\u0001b")]
    [InlineData("caf\u00e9")]
    [InlineData("   ")]
    public async Task A_trace_id_that_no_header_can_carry_is_replaced(string id)
    {
        await using var world = await TestWorld.StartAsync();
        await using var client = new RawClient(world);
        await client.SendAsync($"GET /v1/x HTTP/1.1\r\nHost: localhost\r\nx-portkey-trace-id: {id}\r\n\r\n");
        var answer = await client.ReadAnswerAsync();
        Assert.Matches("(?i)x-portkey-trace-id: [0-9a-f]{32}\r\n", answer);
        Assert.DoesNotContain(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(id)).Trim() is { Length: > 0 } text ? text : "\0", answer, StringComparison.Ordinal);
    }
}
