using System.Collections.Frozen;
using Penstock.Providers;

namespace Penstock.Core.Tests.Providers;

public sealed class UpstreamAddressTests
{
    private static readonly FrozenDictionary<string, string> None = FrozenDictionary<string, string>.Empty;

    [Theory]
    [InlineData("https://own.example", "https://own.example/v1/chat/completions")]
    [InlineData("https://own.example/", "https://own.example/v1/chat/completions")]
    [InlineData("https://own.example/v1", "https://own.example/v1/chat/completions")]
    [InlineData("https://own.example/v1/", "https://own.example/v1/chat/completions")]
    [InlineData("https://own.example/a/v1//", "https://own.example/a/v1/chat/completions")]
    public void A_custom_host_replaces_the_base_with_or_without_its_version(string host, string address) =>
        Assert.Equal(address, Build(Catalogue.BuiltIn.Find("ollama")!, Operation.Chat, "/v1/chat/completions", host));

    /// <summary>The base of OpenAI ends in its version, and so must the host that replaces it.</summary>
    [Fact]
    public void A_custom_host_is_taken_at_its_word()
    {
        Assert.Equal("https://own.example/chat/completions", Build(Catalogue.BuiltIn.Find("openai")!, Operation.Chat, "/v1/chat/completions", "https://own.example"));
        Assert.Equal("https://own.example/api/a", Build(Catalogue.BuiltIn.Find("openai")!, Operation.Proxy, "/v1/proxy/a", "https://own.example/api/"));
        Assert.Equal("https://own.example/v2/rerank", Build(Catalogue.BuiltIn.Find("cohere")!, Operation.Rerank, "/v1/rerank", "https://own.example"));
    }

    [Theory]
    [InlineData("sagemaker", "aws_region", "-", "/v1/x", "no valid URL")]
    [InlineData("azure-ai", "azure_foundry_url", "https://own.example/\u00e9", "/v1/x", "must be an absolute")]
    [InlineData("openai", "openai_project", "p", "/v1/..#x", "'#'")]
    [InlineData("openai", "openai_project", "p", "/v1/a\u000bb", "control character")]
    public void What_no_request_line_can_hold_is_refused(string id, string option, string value, string target, string expected)
    {
        var isBuilt = UpstreamAddress.TryBuild(Catalogue.BuiltIn.Find(id)!, Operation.Proxy, target, new Dictionary<string, string> { [option] = value }, null, null, out _, out var fault);

        Assert.False(isBuilt);
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://own.example/v1?a=b")]
    [InlineData("https://own.example/#")]
    public void A_custom_host_has_no_query(string host) =>
        Assert.Equal("A custom host must have no query and no fragment.", Refusal(Catalogue.BuiltIn.Find("openai")!, Operation.Chat, "/v1/chat/completions", host));

    [Theory]
    [InlineData("qdrant", Operation.Proxy, "/v1/proxy/collections")]
    [InlineData("triton", Operation.Proxy, "/v1/generate")]
    [InlineData("portkey", Operation.Chat, "/v1/chat/completions")]
    public void A_row_without_a_base_asks_for_a_custom_host(string id, Operation operation, string target)
    {
        var row = Catalogue.BuiltIn.Find(id)!;

        Assert.Equal($"The provider '{id}' has no address of its own: set 'custom_host' in the target, or send the header 'x-portkey-custom-host'.", Refusal(row, operation, target));
        Assert.StartsWith("https://own.example/", Build(row, operation, target, "https://own.example"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions", Operation.Chat, "/chat/completions")]
    [InlineData("/v1/chat/completions?a=1&b=%20", Operation.Chat, "/chat/completions?a=1&b=%20")]
    [InlineData("/v1/%63hat/completions", Operation.Chat, "/chat/completions")]
    [InlineData("/v1/models/a%2Fb", Operation.Models, "/models/a%2Fb")]
    [InlineData("/v1/files/x.y/content", Operation.Files, "/files/x.y/content")]
    [InlineData("/v1/files/", Operation.Files, "/files/")]
    [InlineData("/v1/odd//path/%E2%82%AC?q=%2e%2e/..", Operation.Proxy, "/odd//path/%E2%82%AC?q=%2e%2e/..")]
    [InlineData("/v1/a...b/..c/c..", Operation.Proxy, "/a...b/..c/c..")]
    [InlineData("/v1/proxy/a?b", Operation.Proxy, "/a?b")]
    [InlineData("/v1/proxy", Operation.Proxy, "/")]
    [InlineData("/v1/proxy?a=b", Operation.Proxy, "/?a=b")]
    [InlineData("/v1/proxyish/a", Operation.Proxy, "/proxyish/a")]
    [InlineData("/v1/proxy//host.example/a", Operation.Proxy, "//host.example/a")]
    [InlineData("/v1/proxy/@host.example", Operation.Proxy, "/@host.example")]
    [InlineData("/v1/proxy/https://host.example", Operation.Proxy, "/https://host.example")]
    [InlineData("http://host.example/v1/proxy/a", Operation.Proxy, "/a")]
    public void The_path_goes_on_as_it_came(string target, Operation operation, string path)
    {
        var row = Rows.Read("acme", """{"base_url":"http://localhost:9000/api/"}""");

        Assert.Equal("http://localhost:9000/api" + path, Build(row, operation, target));
    }

    [Theory]
    [InlineData("/v1/proxy/../admin")]
    [InlineData("/v1/proxy/..")]
    [InlineData("/v1/proxy/.")]
    [InlineData("/v1/proxy/./a")]
    [InlineData("/v1/proxy/%2e%2e/admin")]
    [InlineData("/v1/proxy/%2E./admin")]
    [InlineData("/v1/proxy/.%2e")]
    [InlineData("/v1/proxy/a/..%2fadmin")]
    [InlineData("/v1/proxy/a%2F..%2Fadmin")]
    [InlineData("/v1/proxy/a\\..\\admin")]
    [InlineData("/v1/proxy/a%5c%2e%2e%5Cadmin")]
    [InlineData("/v1/proxy/..;x=y/admin")]
    [InlineData("/v1/proxy/..%3bx/admin")]
    [InlineData("/v1/files/../../admin")]
    [InlineData("/x/../v1/files")]
    public void A_path_that_could_climb_is_refused(string target) =>
        Assert.Equal(
            "The path of the request holds a '.' or '..' segment.",
            Refusal(Catalogue.BuiltIn.Find("openai")!, target.Contains("files", StringComparison.Ordinal) ? Operation.Files : Operation.Proxy, target));

    [Theory]
    [InlineData("https://good.example", true)]
    [InlineData("http://localhost:8000/path", true)]
    [InlineData("ftp://good.example", false)]
    [InlineData("//good.example", false)]
    [InlineData("good.example", false)]
    [InlineData("https://good.example/?x=", false)]
    [InlineData("https://good.example/#", false)]
    [InlineData("https://user@good.example", false)]
    [InlineData("https://good.example\\@evil.example", false)]
    public void An_option_that_is_an_address_must_be_one(string url, bool isGood)
    {
        var row = Catalogue.BuiltIn.Find("azure-ai")!;
        var options = new Dictionary<string, string> { ["azure_foundry_url"] = url };

        Assert.Equal(isGood, UpstreamAddress.TryBuild(row, Operation.Chat, "/v1/chat/completions", options, "m", null, out var address, out var fault));
        if (isGood) Assert.Equal(url + "/chat/completions", address);
        else Assert.Equal("The option 'azure_foundry_url' must be an absolute http or https URL without a query.", fault);
    }

    [Theory]
    [InlineData("bedrock", "aws_region")]
    [InlineData("bedrock-mantle", "aws_region")]
    [InlineData("sagemaker", "aws_region")]
    [InlineData("oracle", "oracle_region")]
    [InlineData("vertex-ai", "vertex_region")]
    [InlineData("cortex", "snowflake_account")]
    [InlineData("workers-ai", "workers_ai_account_id")]
    public void No_option_can_lead_to_another_host(string id, string option)
    {
        foreach (var value in (ReadOnlySpan<string>)["evil.com/#", "evil.com/", "x@evil.com", "evil.com:443/", "evil.com?", "../../evil", "evil\\", "evil.com%2f", "e vil", "évil"])
        {
            var options = new Dictionary<string, string> { [option] = value, ["vertex_project_id"] = "p" };

            Assert.False(UpstreamAddress.TryBuild(Catalogue.BuiltIn.Find(id)!, Operation.Proxy, "/v1/proxy/x", options, null, null, out _, out var fault), value);
            Assert.StartsWith($"The option '{option}' may hold", fault, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", "?a=1&b=t")]
    [InlineData("?", "?a=1&b=t")]
    [InlineData("?c=3", "?a=1&b=t&c=3")]
    [InlineData("?a=9&c=3", "?b=t&a=9&c=3")]
    [InlineData("?b&a", "?b&a")]
    [InlineData("?ab=1", "?a=1&b=t&ab=1")]
    public void The_rows_parameters_yield_to_the_clients(string query, string expected)
    {
        var row = Rows.Read("acme", """{"base_url":"http://h/v1","options":{"b":{},"z":{}},"query":"z={z}","operations":{"chat":"/x?a=1&b={b}"}}""");

        Assert.True(UpstreamAddress.TryBuild(row, Operation.Chat, "/v1/chat/completions" + query, new Dictionary<string, string> { ["b"] = "t" }, null, null, out var address, out var fault), fault);
        Assert.Equal("http://h/v1/x" + expected, address);
    }

    /// <summary>Nearly all requests are of this kind, and nothing is made for them.</summary>
    [Fact]
    public void A_plain_address_is_made_once()
    {
        var row = Catalogue.BuiltIn.Find("groq")!;
        var first = Build(row, Operation.Chat, "/v1/chat/completions");
        var before = GC.GetAllocatedBytesForCurrentThread();
        UpstreamAddress.TryBuild(row, Operation.Chat, "/v1/chat/completions", None, "m", null, out var second, out _);
        var after = GC.GetAllocatedBytesForCurrentThread();

        Assert.Same(first, second);
        Assert.Equal(0, after - before);
    }

    [Fact]
    public void Another_address_costs_one_string()
    {
        var row = Catalogue.BuiltIn.Find("openai")!;
        Build(row, Operation.Files, "/v1/files/file-1?a=b", "https://own.example/v1/");
        var before = GC.GetAllocatedBytesForCurrentThread();
        UpstreamAddress.TryBuild(row, Operation.Files, "/v1/files/file-1?a=b", None, null, "https://own.example/v1/", out var address, out _);
        var after = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal("https://own.example/v1/files/file-1?a=b", address);
        Assert.InRange(after - before, 1, 22 + (address.Length * 2) + 8);
    }

    /// <summary>Every operation has its own entry, so that a new one cannot be forgotten.</summary>
    [Fact]
    public void Every_operation_has_a_path()
    {
        var row = Rows.Read("acme", """{"base_url":"http://h"}""");

        Assert.Equal(Enum.GetValues<Operation>().Skip(1), OperationFacts.All.Select(facts => facts.Operation));
        foreach (var facts in OperationFacts.All) Assert.Equal("http://h" + facts.Path, Build(row, facts.Operation, "/v1" + facts.Path));
    }

    /// <summary>A copy of a row with another base must not answer with the address of the first.</summary>
    [Fact]
    public void A_copy_of_a_row_has_addresses_of_its_own()
    {
        var row = Rows.Read("acme", """{"base_url":"http://h/v1"}""");

        Assert.Equal("http://h/v1/embeddings", Build(row, Operation.Embedding, "/v1/embeddings"));
        Assert.Equal("http://other/v1/embeddings", Build(row with { BaseUrl = "http://other/v1" }, Operation.Embedding, "/v1/embeddings"));
    }

    private static string Build(ProviderRow row, Operation operation, string target, string? customHost = null)
    {
        Assert.True(UpstreamAddress.TryBuild(row, operation, target, None, null, customHost, out var address, out var fault), fault);
        return address;
    }

    private static string Refusal(ProviderRow row, Operation operation, string target, string? customHost = null)
    {
        Assert.False(UpstreamAddress.TryBuild(row, operation, target, None, null, customHost, out _, out var fault));
        return fault;
    }
}
