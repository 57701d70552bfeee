using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Hosting;
using Penstock.Http;

namespace Penstock.Core.Tests.Http;

/// <summary>The moment in which the listeners are open and not yet known.</summary>
public sealed class StartGateTests
{
    [Fact]
    public async Task Requests_to_the_API_wait_until_the_listeners_are_known()
    {
        var facts = new ListenerFacts();
        await using var app = await StartAsync(facts);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Assert.Equal("""{"status":"ok"}""", await client.GetStringAsync("/healthz", Patience.Token));
        using var starting = await client.GetAsync("/readyz", Patience.Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, starting.StatusCode);

        var waiting = client.GetStringAsync("/v1/models", Patience.Token);
        Assert.False(waiting.IsCompleted);
        facts.Learn(app.Urls);
        Assert.Equal("served with True", await waiting);
        using var ready = await client.GetAsync("/readyz", Patience.Token);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    private static async Task<WebApplication> StartAsync(ListenerFacts facts)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseStartGate(facts);
        app.MapStatus(facts, new Drain());
        app.MapGet("/v1/models", () => $"served with {facts.AllLoopback}");
        await app.StartAsync(Patience.Token);
        return app;
    }
}
