using Penstock.Simulator;

namespace Penstock.Core.Tests.Gateway;

/// <summary>Where each route of the OpenAI API leads, and with what.</summary>
public sealed class RouteTests
{
    private static CancellationToken Stop => Patience.Token;

    public static TheoryData<string, string> Routes => new()
    {
        { "POST", "/v1/chat/completions" },
        { "GET", "/v1/chat/completions?limit=2" },
        { "GET", "/v1/chat/completions/c1" },
        { "POST", "/v1/chat/completions/c1" },
        { "DELETE", "/v1/chat/completions/c1" },
        { "GET", "/v1/chat/completions/c1/messages" },
        { "POST", "/v1/completions" },
        { "POST", "/v1/embeddings" },
        { "POST", "/v1/messages" },
        { "POST", "/v1/messages/count_tokens" },
        { "POST", "/v1/responses" },
        { "GET", "/v1/responses/r1?include=a" },
        { "DELETE", "/v1/responses/r1" },
        { "GET", "/v1/responses/r1/input_items?after=x" },
        { "POST", "/v1/responses/r1/cancel" },
        { "POST", "/v1/images/generations" },
        { "POST", "/v1/audio/speech" },
        { "GET", "/v1/files?purpose=batch" },
        { "GET", "/v1/files/f1" },
        { "GET", "/v1/files/f1/content" },
        { "DELETE", "/v1/files/f1" },
        { "POST", "/v1/batches" },
        { "GET", "/v1/batches?limit=1" },
        { "GET", "/v1/batches/b1" },
        { "POST", "/v1/batches/b1/cancel" },
        { "POST", "/v1/fine_tuning/jobs" },
        { "GET", "/v1/fine_tuning/jobs/j1/events?limit=5" },
        { "GET", "/v1/fine_tuning/jobs/j1/checkpoints" },
        { "POST", "/v1/fine_tuning/jobs/j1/cancel" },
        { "POST", "/v1/fine_tuning/jobs/j1/pause" },
        { "POST", "/v1/fine_tuning/jobs/j1/resume" },
        { "GET", "/v1/models" },
        { "GET", "/v1/models/m1" },
        { "DELETE", "/v1/models/ft:m1" },
        { "POST", "/v1/moderations" },
        { "POST", "/v1/rerank" },
        { "PUT", "/v1/vector_stores/vs1" },
        { "PATCH", "/v1/containers/c1" },
        { "POST", "/v1/assistants" },
        { "POST", "/v1/threads/t1/runs" },
        { "POST", "/v1/uploads/u1/parts" },
        { "POST", "/v1/realtime/client_secrets" },
        { "GET", "/v1/evals" },
    };

    /// <summary>SDKs state the content type on requests without a body too.</summary>
    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_route_keeps_its_method_path_and_query(string method, string target)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"object":"list","data":[],"choices":[],"results":[]}"""));
        var request = world.Json(target, """{"model":"m"}""");
        request.Method = new HttpMethod(method);
        if (method is "GET" or "DELETE")
        {
            request.Content = new ByteArrayContent([]);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        var answer = await world.SendAsync(request);

        Assert.True(answer.Status == 200, answer.Text);
        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.Equal((method, target), (received.Method, received.RawTarget));
        Assert.Equal(method is "GET" or "DELETE" ? "" : """{"model":"m"}""", received.BodyText);
        Assert.Empty(world.Provider.Violations);
    }

    [Theory]
    [InlineData("/v1/images/edits")]
    [InlineData("/v1/images/variations")]
    [InlineData("/v1/audio/transcriptions")]
    [InlineData("/v1/audio/translations")]
    [InlineData("/v1/files")]
    [InlineData("/v1/uploads/u1/parts")]
    public async Task A_form_passes_with_its_boundary(string target)
    {
        await using var world = await TestWorld.StartAsync();
        world.Provider.Always(Reply.Json("""{"choices":[]}"""));
        var form = new MultipartFormDataContent("xyz") { { new StringContent("m"), "model" }, { new ByteArrayContent([0, 255, 13, 10]), "file", "a.bin" } };
        var expected = await form.ReadAsByteArrayAsync(Stop);
        var answer = await world.SendAsync(new HttpRequestMessage(HttpMethod.Post, target) { Content = form, Headers = { { "x-portkey-provider", "p0" } } });
        Assert.Equal(200, answer.Status);
        var received = await world.Provider.NextRequestAsync(Stop);
        Assert.Equal(target, received.RawTarget);
        Assert.Equal(expected, received.Body.ToArray());
        Assert.Equal("multipart/form-data; boundary=\"xyz\"", received.Headers["Content-Type"]);
    }

    [Theory]
    [InlineData("/v2/chat/completions")]
    [InlineData("/chat/completions")]
    [InlineData("//v1/chat/completions")]
    [InlineData("/V1/chat/completions")]
    [InlineData("/v1x/chat/completions")]
    public async Task Other_paths_are_a_404_that_says_where_the_api_is(string target)
    {
        await using var world = await TestWorld.StartAsync();
        var request = world.Json(target, "{}");
        request.RequestUri = new Uri(world.Address + target);
        var answer = await world.SendAsync(request);
        Assert.Equal(404, answer.Status);
        Assert.False(answer.Json.GetProperty("ok").GetBoolean());
        Assert.Contains("/v1", answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(world.Provider.Requests);
    }

    /// <summary>The value in a config beats the request's, and can turn streaming on and off.</summary>
    [Theory]
    [InlineData("true", "", "text/event-stream")]
    [InlineData("false", ",\"stream\":true", "application/json")]
    public async Task An_override_decides_whether_it_streams(string value, string more, string contentType)
    {
        await using var world = await TestWorld.StartAsync();
        var answer = await world.SendAsync(world.Chat($$$"""{"provider":"p0","override_params":{"stream":{{{value}}}}}""", more: more));
        Assert.Equal(200, answer.Status);
        Assert.Equal(contentType, answer.Message.Content.Headers.ContentType!.MediaType);
    }
}
