using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Penstock.Tests;

/// <summary>The executable as a server.</summary>
public sealed class ServingTests
{
    [Fact]
    public async Task The_status_routes_answer()
    {
        using var folder = new Scratch();
        await using var penstock = await PenstockProcess.ServeAsync(folder);
        Assert.Equal("""200 {"status":"ok"}""", await penstock.GetAsync("/healthz"));
        Assert.Equal("""200 {"status":"ready"}""", await penstock.GetAsync("/readyz"));

        using var response = await penstock.Client.GetAsync("/", Patience.Token);
        using var about = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(Patience.Token), default);
        Assert.Equal("Penstock", about.RootElement.GetProperty("name").GetString());
        Assert.Equal("AGPL-3.0-or-later", about.RootElement.GetProperty("license").GetString());
        Assert.StartsWith("https://", about.RootElement.GetProperty("source").GetString(), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("/nowhere")]
    [InlineData("/favicon.ico")]
    public async Task A_path_that_is_none_answers_in_both_shapes(string path)
    {
        using var folder = new Scratch();
        await using var penstock = await PenstockProcess.ServeAsync(folder);
        var answer = await penstock.GetAsync(path);
        Assert.StartsWith("404 ", answer, StringComparison.Ordinal);
        using var body = JsonDocument.Parse(answer[4..]);
        Assert.False(body.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(body.RootElement.GetProperty("message").GetString(), body.RootElement.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Headers_of_100_KB_are_taken()
    {
        using var folder = new Scratch();
        await using var penstock = await PenstockProcess.ServeAsync(folder);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz");
        request.Headers.Add("x-portkey-config", new string('x', 100 << 10));
        using var response = await penstock.Client.SendAsync(request, Patience.Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task The_start_message_names_what_is_in_force()
    {
        using var folder = new Scratch();
        folder.Write("penstock.json", """{ "providers": { "acme": { "base_url": "http://localhost:9/v1" } }, "configs": { "main": { "provider": "acme" } } }""");
        await using var penstock = await PenstockProcess.ServeAsync(folder, null, ("GROQ_API_KEY", "gsk-secret"));
        await PenstockProcess.UntilAsync(() => Task.FromResult(penstock.Output.Contains("curl", StringComparison.Ordinal)));
        Assert.Contains("(1 custom provider, 1 saved config)", penstock.Output, StringComparison.Ordinal);
        Assert.Contains("groq (from the environment)", penstock.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("gsk-secret", penstock.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Warning", penstock.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listening_beyond_this_machine_is_told()
    {
        using var folder = new Scratch();
        await using var penstock = await PenstockProcess.ServeAsync(folder, ["--urls", "http://*:0"]);
        await PenstockProcess.UntilAsync(() => Task.FromResult(penstock.Output.Contains("curl", StringComparison.Ordinal)));
        Assert.Contains("Warning: this listens beyond this machine", penstock.Output, StringComparison.Ordinal);
        Assert.Contains("Environment keys are off", penstock.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_standard_port_is_8787()
    {
        using var folder = new Scratch();
        var program = PenstockProcess.ServeAsync(folder, []);
        try
        {
            await using var penstock = await program;
            Assert.Equal("http://localhost:8787/", penstock.Address.ToString());
        }
        catch (InvalidOperationException taken)
        {
            // Somebody else on this machine listens there: then that is what it says.
            Assert.Contains(":8787: address already in use", taken.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task It_starts_where_there_is_no_IPv6()
    {
        using var folder = new Scratch();
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var penstock = await PenstockProcess.ServeAsync(folder, ["--port", FreePort()], ("DOTNET_SYSTEM_NET_DISABLEIPV6", "1"));
                Assert.StartsWith("200", await penstock.GetAsync("/healthz"), StringComparison.Ordinal);
                return;
            }
            catch (InvalidOperationException taken) when (tries < 5 && taken.Message.Contains("address already in use", StringComparison.Ordinal))
            {
                // Nobody can keep a port free for another process: somebody was faster.
            }
        }
    }

    [Fact]
    public async Task A_port_in_use_is_one_clear_line()
    {
        using var folder = new Scratch();
        await using var first = await PenstockProcess.ServeAsync(folder);
        var port = first.Address.Port.ToString(CultureInfo.InvariantCulture);
        var (exitCode, output) = await PenstockProcess.RunAsync(folder, ["--urls", "http://127.0.0.1:" + port]);
        Assert.Equal(1, exitCode);
        var line = Assert.Single(output.TrimEnd().Split('\n'));
        Assert.Contains($":{port}: address already in use. ", line, StringComparison.Ordinal);
        Assert.Contains("--port", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Foreign_settings_of_the_framework_change_nothing()
    {
        using var folder = new Scratch();
        folder.Write("appsettings.json", """{ "Urls": "http://*:1", "Kestrel": { "Endpoints": { "Http": { "Url": "http://*:2" } } } }""");
        await using var penstock = await PenstockProcess.ServeAsync(folder, null, ("ASPNETCORE_ENVIRONMENT", "Development"), ("ASPNETCORE_HTTP_PORTS", "1"), ("Kestrel__Endpoints__Http__Url", "http://*:2"));
        Assert.Equal("127.0.0.1", penstock.Address.Host);
    }

    /// <summary>The name localhost takes no port 0: it may stand for two addresses.</summary>
    private static string FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }
}
