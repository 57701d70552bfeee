using System.Net;
using Penstock.Simulator;
using Penstock.Snapshot;

namespace Penstock.Core.Tests.Http;

/// <summary>Which web pages may read our answers.</summary>
public sealed class CrossOriginTests
{
    private const string Page = "https://app.example.org";

    [Fact]
    public async Task Without_a_list_nobody_is_told_anything()
    {
        await using var world = await TestWorld.StartAsync();
        using var response = await AskAsync(world, Page);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(response.Headers.Contains("Access-Control-Expose-Headers"));
    }

    [Fact]
    public async Task A_listed_origin_may_read_the_answer_and_its_headers()
    {
        await using var world = await StartAsync(Page);
        world.Provider.Always(Reply.Json("""{"choices":[]}""").WithHeader("Vary", "Accept-Encoding").WithHeader("Access-Control-Allow-Origin", "*"));
        using var response = await AskAsync(world, Page);
        Assert.Equal(Page, response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Expose-Headers").Single());
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.Equal(["Accept-Encoding", "Origin"], response.Headers.Vary.Order());
    }

    [Fact]
    public async Task An_error_may_be_read_too()
    {
        await using var world = await StartAsync(Page);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere") { Headers = { { "Origin", Page } } };
        using var response = await world.OpenAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(Page, response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Theory]
    [InlineData("https://evil.example.org")]
    [InlineData("https://app.example.org.evil.example")]
    [InlineData("http://app.example.org")]
    [InlineData("null")]
    public async Task Any_other_origin_may_not(string origin)
    {
        await using var world = await StartAsync(Page);
        using var response = await AskAsync(world, origin);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Contains("Origin", response.Headers.Vary);
    }

    [Fact]
    public async Task A_star_lets_every_page_read()
    {
        await using var world = await StartAsync("*");
        using var response = await AskAsync(world, "https://anything.example");
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task A_preflight_is_answered_here_and_names_the_headers_that_were_asked_for()
    {
        await using var world = await StartAsync(Page);
        using var response = await PreflightAsync(world, Page);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(Page, response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("authorization,x-portkey-config", response.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.Contains("PATCH", response.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
        Assert.Empty(world.Provider.Requests);
    }

    [Fact]
    public async Task A_preflight_of_another_origin_is_refused()
    {
        await using var world = await StartAsync(Page);
        using var response = await PreflightAsync(world, "https://evil.example.org");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Empty(world.Provider.Requests);
    }

    private static Task<TestWorld> StartAsync(string origin) => TestWorld.StartAsync(settings: new GatewaySettings { CorsOrigins = [origin] });

    private static Task<HttpResponseMessage> AskAsync(TestWorld world, string origin)
    {
        var request = world.Chat();
        request.Headers.Add("Origin", origin);
        return world.OpenAsync(request);
    }

    private static Task<HttpResponseMessage> PreflightAsync(TestWorld world, string origin) =>
        world.OpenAsync(new HttpRequestMessage(HttpMethod.Options, "/v1/chat/completions")
        {
            Headers = { { "Origin", origin }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "authorization,x-portkey-config" } },
        });
}
