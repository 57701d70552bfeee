using System.Net;
using System.Text;
using System.Text.Json;

namespace Penstock.Security.Tests;

/// <summary>
/// No spelling of a host, in no option that can hold one, on no route, leads a request to an address that is not in the
/// open Internet. What is asserted is not what a rule says, but which addresses were called.
/// </summary>
public sealed class HostSpellingTests
{
    private static readonly IPAddress[] Internet =
        [IPAddress.Parse("93.184.215.14"), IPAddress.Parse("8.8.8.8"), IPAddress.Parse("2606:4700::1111")];

    public static IReadOnlyList<string> Routes => ["POST /v1/chat/completions", "POST /v1/proxy/v1/x", "GET /v1/files/f", "DELETE /v1/nobodys/path"];

    /// <summary>Every way to give a URL: a header, or a config, in which <c>URL</c> stands for it.</summary>
    public static IReadOnlyList<string> Ways =>
    [
        "x-portkey-custom-host",
        """{"provider":"openai","custom_host":URL}""",
        """{"provider":"openai","customHost":URL}""",
        """{"custom_host":URL,"targets":[{"provider":"openai"}]}""",
        """{"strategy":{"mode":"fallback"},"targets":[{"provider":"openai","custom_host":URL},{"provider":"groq","customHost":URL}]}""",
        """{"strategy":{"mode":"loadbalance"},"customHost":URL,"targets":[{"strategy":{"mode":"single"},"targets":[{"provider":"openai"}]}]}""",
        """{"provider":"azure-ai","azure_foundry_url":URL}""",
        """{"provider":"azure-ai","azureFoundryUrl":URL}""",
        """{"provider":"huggingface","huggingface_base_url":URL}""",
        """{"provider":"huggingface","huggingfaceBaseUrl":URL}""",
        "azure-ai: x-portkey-azure-foundry-url",
        "huggingface: x-portkey-huggingface-base-url",
    ];

    /// <summary>The providers of the other ways have no files.</summary>
    public static TheoryData<string, string> RoutesAndWaysOut =>
        [.. from route in Routes from way in Ways where way.Contains("ustom", StringComparison.Ordinal) || !route.EndsWith("/files/f", StringComparison.Ordinal) select (route, way)];

    public static TheoryData<string, string> RoutesAndWays => [.. from route in Routes from way in Ways select (route, way)];

    [Theory]
    [MemberData(nameof(RoutesAndWays))]
    public async Task A_url_leads_nowhere_inside(string route, string way)
    {
        var network = Network();
        await using var world = await StartAsync(network, isLocal: false);
        using var client = world.CreateClient(Encoding.UTF8);
        foreach (var url in HostSpellings.All)
        {
            var answer = await SendAsync(client, route, way, url);

            // Refused as text, or, for a name, once it has addresses; then a fallback was tried and failed alike.
            Assert.True(answer.Status is 400 or 502, $"{url}: {answer.Status} {answer.Text}");
            Assert.True(answer.ErrorMessage.Length > 20, url);
            if (answer.Status == 502) Assert.Contains("leads to an address that may not be called", answer.ErrorMessage, StringComparison.Ordinal);
            Assert.True(network.Called.IsEmpty, $"{url} was called at {string.Join(", ", network.Called)}");
        }

        Assert.Empty(world.Provider.Requests);
    }

    /// <summary>The counterpart: the same ways lead to hosts that may be called, so the refusals above mean something.</summary>
    [Theory]
    [MemberData(nameof(RoutesAndWaysOut))]
    public async Task A_url_leads_outside(string route, string way)
    {
        var network = Network();
        await using var world = await StartAsync(network, isLocal: false);
        using var client = world.CreateClient(Encoding.UTF8);
        foreach (var url in HostSpellings.Public)
        {
            network.Called.Clear();
            await SendAsync(client, route, way, url);
            Assert.True(!network.Called.IsEmpty, url);
            Assert.All(network.Called, endpoint => Assert.Contains(endpoint.Address.IsIPv4MappedToIPv6 ? endpoint.Address.MapToIPv4() : endpoint.Address, Internet));
        }
    }

    /// <summary>Loopback is open to programs on this machine, and then to nothing but loopback names.</summary>
    [Fact]
    public async Task On_this_machine_loopback_is_open_and_nothing_else()
    {
        var network = Network();
        await using var world = await StartAsync(network, isLocal: true);
        using var client = world.CreateClient(Encoding.UTF8);
        foreach (var url in HostSpellings.All) await SendAsync(client, Routes[0], Ways[0], url);

        Assert.NotEmpty(network.Called);
        Assert.All(network.Called, endpoint => Assert.True(IPAddress.IsLoopback(endpoint.Address), endpoint.ToString()));
    }

    /// <summary>Options that are pasted into a host: whatever they hold, the host stays the provider's.</summary>
    [Theory]
    [InlineData("azure-openai", "resource_name", "x-portkey-azure-resource-name", ".openai.azure.com")]
    [InlineData("bedrock", "aws_region", "x-portkey-aws-region", ".amazonaws.com")]
    [InlineData("bedrock-mantle", "aws_region", "x-portkey-aws-region", ".api.aws")]
    [InlineData("sagemaker", "aws_region", "x-portkey-aws-region", ".amazonaws.com")]
    [InlineData("vertex-ai", "vertex_region", "x-portkey-vertex-region", "-aiplatform.googleapis.com")]
    [InlineData("cortex", "snowflake_account", "x-portkey-snowflake-account", ".snowflakecomputing.com")]
    [InlineData("oracle", "oracle_region", "x-portkey-oracle-region", ".oci.oraclecloud.com")]
    [InlineData("workers-ai", "workers_ai_account_id", "x-portkey-workers-ai-account-id", "api.cloudflare.com")]
    public async Task An_option_changes_no_host(string provider, string option, string header, string domain)
    {
        var network = Network();
        await using var world = await StartAsync(network, isLocal: false);
        using var client = world.CreateClient(Encoding.UTF8);
        string[] values =
        [
            .. HostSpellings.All.Select(url => url[(url.IndexOf("://", StringComparison.Ordinal) is var at and >= 0 ? at + 3 : 0)..]),
            "evil.example/", "evil.example/#", "evil.example#", "evil.example?", "evil.example:443/", "x@evil.example", "evil.example\\", "evil.example%2f",
            "../../evil", "x/../..", "evil.example.", "a.evil", "a,b", "a b", "good",
        ];
        foreach (var value in values)
        {
            foreach (var route in Routes)
            {
                var config = JsonSerializer.Serialize(new Dictionary<string, string> { ["provider"] = provider, [option] = value, ["vertex_project_id"] = "p", ["azure_deployment_id"] = "d", ["azure_api_version"] = "2024-06-01" });
                await SendAsync(client, route, config, "");
                await SendAsync(client, route, $"{provider}: {header}", value);
            }
        }

        Assert.All(network.Names, name => Assert.EndsWith(domain, name, StringComparison.Ordinal));
        Assert.All(network.Called, endpoint => Assert.Contains(endpoint.Address, Internet));
    }

    /// <summary>Rows of ours for servers beside the gateway are no way into its machine for those who are not on it.</summary>
    [Theory]
    [InlineData("ollama")]
    [InlineData("vllm")]
    [InlineData("lm-studio")]
    [InlineData("localai")]
    public async Task A_row_of_ours_leads_nowhere_inside(string provider)
    {
        foreach (var route in Routes.Where(route => !route.EndsWith("/files/f", StringComparison.Ordinal)))
        {
            Assert.NotEmpty(await CalledAsync(provider, route, isLocal: true));
            Assert.Empty(await CalledAsync(provider, route, isLocal: false));
            Assert.Empty(await CalledAsync(provider, route, isLocal: true, ("X-Forwarded-For", "203.0.113.7")));
            Assert.NotEmpty(await CalledAsync(provider, route, isLocal: false, settings: "\"trusted_hosts\":[\"localhost\"]"));
            Assert.NotEmpty(await CalledAsync(provider, route, isLocal: false, settings: "\"providers\":{\"" + provider + "\":{\"base_url\":\"http://localhost:1/v1\"}}"));
        }
    }

    /// <summary>A proxy on this machine serves others: what it brings may not name loopback.</summary>
    [Theory]
    [InlineData("X-Forwarded-For: 203.0.113.7")]
    [InlineData("Via: 1.1 proxy")]
    [InlineData("Tailscale-User-Login: a@b")]
    [InlineData("Host: gateway.example")]
    [InlineData("Origin: https://evil.example")]
    [InlineData("x-penstock-hops: 1")]
    public async Task Behind_a_proxy_loopback_is_closed(string header)
    {
        var network = Network();
        await using var world = await StartAsync(network, isLocal: true);
        foreach (var way in Ways)
        {
            // The same config was allowed a moment ago, to a program on this machine.
            await SendAsync(world.Client, Routes[0], way, "http://localhost:1234/v1");
            Assert.NotEmpty(network.Called);
            network.Called.Clear();
            var answer = await SendAsync(world.Client, Routes[0], way, "http://localhost:1234/v1", header);
            Assert.Equal(400, answer.Status);
            Assert.Empty(network.Called);
        }
    }

    private static async Task<IReadOnlyCollection<IPEndPoint>> CalledAsync(string provider, string route, bool isLocal, (string Name, string Value)? header = null, string settings = "")
    {
        var network = Network();
        await using var world = await StartAsync(network, isLocal, settings);
        using var request = new HttpRequestMessage(HttpMethod.Parse(route.Split(' ')[0]), route.Split(' ')[1]);
        if (request.Method == HttpMethod.Post) request.Content = new StringContent("""{"model":"m","messages":[]}""", Encoding.UTF8, "application/json");
        request.Headers.Add("x-portkey-provider", provider);
        if (header is { } more) request.Headers.Add(more.Name, more.Value);
        await world.SendAsync(request);
        return network.Called;
    }

    private static async Task<Answer> SendAsync(HttpClient client, string route, string way, string url, params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(route.Split(' ')[0]), route.Split(' ')[1]);
        if (request.Method == HttpMethod.Post) request.Content = new StringContent("""{"model":"m","messages":[]}""", Encoding.UTF8, "application/json");
        if (way.StartsWith('{'))
        {
            request.Headers.TryAddWithoutValidation("x-portkey-config", way.Replace("URL", JsonSerializer.Serialize(url), StringComparison.Ordinal));
        }
        else
        {
            var (provider, header) = way.Split(": ") is [var named, var name] ? (named, name) : ("openai", way);
            request.Headers.Add("x-portkey-provider", provider);
            request.Headers.TryAddWithoutValidation(header, url.Length == 0 ? " " : url);
        }

        foreach (var header in headers) request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
        using var response = await client.SendAsync(request, Patience.Token);
        return await Answer.ReadAsync(response);
    }

    /// <summary>
    /// Names of the Internet, and names that a caller has set up to lead inside. Nothing answers anywhere: only what was
    /// called counts.
    /// </summary>
    private static TestNetwork Network() => new(
        name => name.ToUpperInvariant() switch
        {
            "API.EXAMPLE" => [Internet[0]],
            "MIXED.EXAMPLE" => [IPAddress.Parse("10.0.0.7"), IPAddress.IPv6Loopback],
            "LOCALHOST" or "REBOUND.EXAMPLE" => [IPAddress.Loopback],
            var upper when upper.EndsWith(".COM", StringComparison.Ordinal) || upper.EndsWith(".AWS", StringComparison.Ordinal) || upper.EndsWith(".CO", StringComparison.Ordinal) => [Internet[0]],
            _ => [IPAddress.Loopback],
        },
        _ => null);

    private static Task<TestWorld> StartAsync(TestNetwork network, bool isLocal, string settings = "") =>
        TestWorld.StartAsync(network: network, isLocal: isLocal, file: _ => "{" + settings + "}");
}
