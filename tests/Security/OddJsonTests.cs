using Penstock.Simulator;

namespace Penstock.Security.Tests;

/// <summary>JSON at its edges: untouched where its bytes pass, a 400 where it must be read, never a 500.</summary>
public sealed class OddJsonTests
{
    private static CancellationToken Stop => Patience.Token;

    /// <summary>Valid enough to pass, whatever stands in it.</summary>
    public static TheoryData<string, string> Passing => new()
    {
        { "a lone surrogate", "{\"model\":\"m\",\"user\":\"\\ud800\",\"messages\":[{\"role\":\"user\",\"content\":\"\\udc00\\ud800\"}]}" },
        { "a lone surrogate in a name", "{\"model\":\"m\",\"\\ud800\":1,\"\\udfff\":2}" },
        { "numbers beyond a double", "{\"model\":\"m\",\"n\":1e999,\"temperature\":-1e999,\"seed\":123456789012345678901234567890}" },
        { "minus zero", "{\"model\":\"m\",\"n\":-0,\"temperature\":-0.0}" },
        { "a NUL escape", "{\"model\":\"m\",\"user\":\"a\\u0000b\"}" },
        { "members of no sense", "{\"model\":\"m\",\"\":1,\"\\u0000\":null,\"__proto__\":{}}" },
        { "stream of another type", "{\"model\":\"m\",\"stream\":\"true\",\"n\":\"2\",\"messages\":null}" },
        { "many members", "{\"model\":\"m\"," + string.Join(',', Enumerable.Range(0, 1023).Select(i => $"\"m{i}\":{i}")) + "}" },
        { "as deep as can be", "{\"model\":\"m\",\"x\":" + new string('[', 255) + new string(']', 255) + "}" },
    };

    public static TheoryData<string, string> Refused => new()
    {
        { "nothing", "" },
        { "space", " \n" },
        { "a mark of the byte order alone", "\uFEFF" },
        { "a cut object", "{\"model\":" },
        { "what follows", "{\"model\":\"m\"}{\"model\":\"n\"}" },
        { "a NUL behind it", "{\"model\":\"m\"}\0" },
        { "a raw NUL", "{\"model\":\"a\0b\"}" },
        { "a raw line break", "{\"model\":\"a\nb\"}" },
        { "a comment", "{/* x */\"model\":\"m\"}" },
        { "a trailing comma", "{\"model\":\"m\",}" },
        { "NaN", "{\"model\":\"m\",\"temperature\":NaN}" },
        { "an octal", "{\"model\":\"m\",\"n\":01}" },
        { "a plus", "{\"model\":\"m\",\"n\":+1}" },
        { "single quotes", "{'model':'m'}" },
        { "no quotes", "{model:\"m\"}" },
        { "a bad escape", "{\"model\":\"\\x\"}" },
        { "a cut escape", "{\"model\":\"\\u00\"}" },
        { "a model that is half a character", "{\"model\":\"\\ud83d\"}" },
        { "too deep", "{\"model\":\"m\",\"x\":" + new string('[', 256) + new string(']', 256) + "}" },
        { "very deep", "{\"model\":\"m\",\"x\":" + new string('[', 1_000_000) },
        { "too wide", "{\"model\":\"m\"," + string.Join(',', Enumerable.Range(0, 1024).Select(i => $"\"m{i}\":{i}")) + "}" },
    };

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task Bytes_that_nobody_reads_pass_as_they_are(string what, string body)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        foreach (var path in new[] { "/v1/chat/completions", "/v1/responses", "/v1/proxy/x" })
        {
            var answer = await world.SendAsync(world.Json(path, body));
            Assert.True(answer.Status == 200, $"{what}: {answer.Text}");
            Assert.Equal(body, (await world.Provider.NextRequestAsync(Stop)).BodyText);
        }
    }

    /// <summary>The same bodies where a config reads or changes them.</summary>
    [Theory]
    [MemberData(nameof(Passing))]
    public async Task They_are_read_without_a_500(string what, string body)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        string[] configs =
        [
            """{"provider":"p0","override_params":{"user":"other","n":3},"default_params":{"seed":1},"drop_params":["messages[*].content","x[0]","temperature"]}""",
            """{"strategy":{"mode":"conditional","conditions":[{"query":{"$or":[{"params.user":{"$regex":"^z"}},{"params.n":{"$gt":1e300}},{"params.messages.0.content":"q"},{"params.seed":1},{"params.temperature":{"$lt":-5}}]},"then":"a"}],"default":"b"},"targets":[{"name":"a","provider":"p0"},{"name":"b","provider":"p0"}]}""",
        ];
        foreach (var config in configs)
        {
            var answer = await world.SendAsync(world.Json("/v1/chat/completions", body, config));
            Assert.True(answer.Status is 200 or 400, $"{what}: {answer.Status} {answer.Text}");
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_no_JSON_is_a_400_on_every_route_that_takes_JSON(string what, string body)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        foreach (var path in new[] { "/v1/chat/completions", "/v1/embeddings", "/v1/responses", "/v1/messages" })
        {
            var answer = await world.SendAsync(world.Json(path, body));
            if (body.Length == 0 && path is "/v1/responses" or "/v1/messages") continue;
            Assert.True(answer.Status == 400, $"{what}, {path}: {answer.Status} {answer.Text}");
            Assert.InRange(answer.ErrorMessage.Length, 10, 500);
        }
    }

    /// <summary>On a path that is nobody's, the provider judges what it gets.</summary>
    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_is_no_JSON_passes_on_a_path_that_is_nobodys(string what, string body)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("{}", 202));
        var answer = await world.SendAsync(world.Json("/v1/proxy/x", body));
        Assert.True(answer.Status == 202, $"{what}: {answer.Status} {answer.Text}");
        Assert.Equal(body, (await world.Provider.NextRequestAsync(Stop)).BodyText);
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xFF, 0xFE })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xC0, 0xAF })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    public async Task Bytes_that_are_not_UTF_8_pass_and_are_no_models_name(byte[] odd)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        byte[] inText = [.. "{\"model\":\"m\",\"user\":\""u8, .. odd, .. "\"}"u8];
        Assert.Equal(200, (await SendAsync(world, inText)).Status);
        Assert.Equal(inText, (await world.Provider.NextRequestAsync(Stop)).Body.ToArray());
        Assert.Equal(400, (await SendAsync(world, [.. "{\"model\":\""u8, .. odd, .. "\"}"u8])).Status);
        Assert.InRange((await SendAsync(world, [.. "{\"model\":\"m\",\""u8, .. odd, .. "\":1}"u8])).Status, 200, 400);
        Assert.Equal(400, (await SendAsync(world, odd)).Status);
    }

    [Fact]
    public async Task A_byte_order_mark_is_taken_off()
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        Assert.Equal(200, (await SendAsync(world, [.. "\uFEFF{\"model\":\"m\"}"u8])).Status);
        Assert.Equal("{\"model\":\"m\"}", (await world.Provider.NextRequestAsync(Stop)).BodyText);
    }

    [Theory]
    [InlineData("""{"provider":"p0","weight":1e999}""")]
    [InlineData("""{"provider":"p0","retry":{"attempts":1e400}}""")]
    [InlineData("""{"provider":"p0","request_timeout":-1}""")]
    [InlineData("""{"provider":"\ud800"}""")]
    [InlineData("""{"provider":"p0","api_key":"\udfff"}""")]
    [InlineData("""{"provider":"p0","name":"\ud800"}""")]
    [InlineData("{\"provider\":\"p0\"} {}")]
    [InlineData("{\"provider\":\"p0\"")]
    [InlineData("nonsense")]
    public async Task A_config_at_its_edges_is_a_400(string config)
    {
        await using var world = await TestWorld.StartAsync();
        var answer = await world.SendAsync(world.Chat(config));
        Assert.True(answer.Status == 400, answer.Text);
        Assert.Equal("x-portkey-config", answer.Json.GetProperty("error").GetProperty("param").GetString());
    }

    [Fact]
    public async Task A_config_that_is_too_deep_is_a_400()
    {
        await using var world = await TestWorld.StartAsync();
        foreach (var depth in new[] { 65, 10_000 })
        {
            var answer = await world.SendAsync(world.Chat("{\"provider\":\"p0\",\"x\":" + new string('[', depth) + new string(']', depth) + "}"));
            Assert.Equal(400, answer.Status);
        }
    }

    /// <summary>A name of a megabyte is compared with no list of names.</summary>
    [Fact]
    public async Task A_very_long_name_costs_nothing()
    {
        await using var world = await TestWorld.StartAsync();
        var request = world.Chat();
        request.Headers.Remove("x-portkey-provider");
        request.Headers.Add("x-portkey-provider", new string('a', 100_000));
        var before = GC.GetTotalAllocatedBytes();
        var answer = await world.SendAsync(request);
        Assert.Equal(400, answer.Status);
        Assert.InRange(answer.ErrorMessage.Length, 10, 500);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 100 << 20);
    }

    private static Task<Answer> SendAsync(TestWorld world, byte[] body)
    {
        var request = world.Json("/v1/chat/completions", "");
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        return world.SendAsync(request);
    }
}
