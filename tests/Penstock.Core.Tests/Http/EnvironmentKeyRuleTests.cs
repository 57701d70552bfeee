using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Penstock.Hosting;
using Penstock.Http;

namespace Penstock.Core.Tests.Http;

public sealed class EnvironmentKeyRuleTests
{
    private static readonly EnvironmentKeyRule Local = new(Facts(allLoopback: true));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("localhost")]
    [InlineData("localhost:8787")]
    [InlineData("LocalHost:8787")]
    [InlineData("app.localhost:8787")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:8787")]
    [InlineData("127.1.2.3:8787")]
    [InlineData("[::1]")]
    [InlineData("[::1]:8787")]
    [InlineData("[0:0::1]:8787")]
    public void Allows_a_program_on_this_machine(string host)
    {
        Assert.True(Allows(host));
        Assert.True(Allows(host, ("Origin", "http://localhost:8787"), ("Sec-Fetch-Site", "same-origin")));
        Assert.True(Allows(host, ("Sec-Fetch-Site", "none")));
        Assert.True(Allows(host, ("Referer", "http://localhost:8787/console")));
        Assert.True(Allows(host, ("User-Agent", "openai"), ("X-Stainless-Arch", "x64"), ("x-portkey-provider", "openai"), ("X-Request-Id", "1"), ("Client-Version", "1"), ("Victor", "1"), ("X-", "1"), ("Via-", "1")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("localhost.example.com")]
    [InlineData("notlocalhost")]
    [InlineData("localhost.")]
    [InlineData("evil.example:8787")]
    [InlineData("10.0.0.1:8787")]
    [InlineData("0.0.0.0:8787")]
    [InlineData("[::]:8787")]
    [InlineData("[fe80::1]:8787")]
    [InlineData("[::1")]
    [InlineData(":8787")]
    [InlineData("127.0.0.1.nip.io")]
    public void Refuses_any_other_host(string host) => Assert.False(Allows(host));

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "http://localhost:3000")]
    [InlineData("Origin", "http://localhost:8787.evil.example")]
    [InlineData("Origin", "https://localhost:8787")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "")]
    [InlineData("origin", "https://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "")]
    [InlineData("Forwarded", "for=1.2.3.4")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("x-forwarded-proto", "https")]
    [InlineData("X-Forwarded-Whatever", "")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("via", "1.1 proxy")]
    [InlineData("CF-Connecting-IP", "127.0.0.1")]
    [InlineData("CF-Ray", "1")]
    [InlineData("CF-IPCountry", "CH")]
    [InlineData("CDN-Loop", "cloudflare")]
    [InlineData("X-Forwarded", "1.2.3.4")]
    [InlineData("x-client-ip", "1.2.3.4")]
    [InlineData("X-Cluster-Client-IP", "1.2.3.4")]
    [InlineData("X-Original-For", "1.2.3.4")]
    [InlineData("X-Original-Host", "a.example")]
    [InlineData("X-Original-Forwarded-For", "1.2.3.4")]
    [InlineData("True-Client-IP", "1.2.3.4")]
    [InlineData("Fastly-Client-IP", "1.2.3.4")]
    [InlineData("X-Envoy-External-Address", "1.2.3.4")]
    [InlineData("X-Envoy-Expected-Rq-Timeout-Ms", "15000")]
    [InlineData("X-Azure-ClientIP", "1.2.3.4")]
    [InlineData("X-ARR-LOG-ID", "1")]
    [InlineData("X-Amz-Cf-Id", "1")]
    [InlineData("Fly-Client-IP", "1.2.3.4")]
    [InlineData("Tailscale-User-Login", "a@b")]
    [InlineData("Tailscale-Headers-Info", "")]
    [InlineData("ngrok-auth-user-email", "a@b")]
    [InlineData("WL-Proxy-Client-IP", "1.2.3.4")]
    [InlineData("x-penstock-hops", "1")]
    [InlineData("Referer", "https://evil.example/")]
    [InlineData("Referer", "http://localhost:8787.evil.example/")]
    [InlineData("Referer", "http://localhost:3000/")]
    [InlineData("Referer", "")]
    public void Refuses_pages_and_proxies(string name, string value) => Assert.False(Allows("localhost:8787", (name, value)));

    [Fact]
    public void Refuses_two_origins()
    {
        var request = Request("localhost:8787");
        request.Headers["Origin"] = new(["http://localhost:8787", "https://evil.example"]);

        Assert.False(Local.Allows(request));
    }

    [Fact]
    public void Refuses_everything_once_a_listener_is_open_to_others() =>
        Assert.False(new EnvironmentKeyRule(Facts(allLoopback: false)).Allows(Request("localhost:8787")));

    /// <summary>It runs for every request, over the server's own header collection.</summary>
    [Fact]
    public async Task Allocates_nothing()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        var allocated = new TaskCompletionSource<long>();
        app.Run(context =>
        {
            for (var i = 0; i < 100; i++) Assert.True(Local.Allows(context.Request));
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++) Local.Allows(context.Request);
            allocated.SetResult(GC.GetAllocatedBytesForCurrentThread() - before);
            return Task.CompletedTask;
        });
        await app.StartAsync(Stop);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(app.Urls.Single()).Port, Stop);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes("POST / HTTP/1.1\r\nHost: localhost:8787\r\nUser-Agent: openai\r\nx-portkey-provider: openai\r\nContent-Length: 0\r\nAccept: */*\r\n\r\n"),
            Stop);

        Assert.Equal(0, await allocated.Task.WaitAsync(Stop));
    }

    private static bool Allows(string host, params (string Name, string Value)[] headers) => Local.Allows(Request(host, headers));

    private static HttpRequest Request(string host, params (string Name, string Value)[] headers)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(host);
        foreach (var (name, value) in headers) request.Headers[name] = value;
        return request;
    }

    private static ListenerFacts Facts(bool allLoopback) => new(allLoopback, ["http://localhost:8787", "http://127.0.0.1:8787"]);
}
