namespace Penstock.Tests.Snapshot;

/// <summary>What is wrong with a file is said all at once, with its place.</summary>
public sealed class FileFaultTests
{
    [Fact]
    public void All_faults_come_at_once_in_the_order_of_the_file()
    {
        var faults = Files.Faults("""
            {
              "providers": { "acme": { "base_url": "http://localhost:9/v1", "moddels": [] } },
              "configs": {
                "main": { "provider": "acme" },
                "other": { "provider": "groqq" }
              },
              "trustedHosts": [],
              "shutdown_grace_ms": -1
            }
            """);
        Assert.Equal(4, faults.Length);
        Assert.Equal("2:76 providers,acme,moddels: Unknown member 'moddels'. Did you mean 'models'?", faults[0]);
        Assert.StartsWith("5:28 configs,other,provider: Unknown provider 'groqq'.", faults[1], StringComparison.Ordinal);
        Assert.Equal("7:19 trustedHosts: Unknown member 'trustedHosts'. Did you mean 'trusted_hosts'?", faults[2]);
        Assert.Equal("8:24 shutdown_grace_ms: A whole number from 0 to 3600000 was expected here.", faults[3]);
    }

    [Theory]
    [InlineData("", "does not contain any JSON")]
    [InlineData("[]", "An object was expected here.")]
    [InlineData("""{ "listen": 8787 }""", "An address such as")]
    [InlineData("""{ "listen": [8787] }""", "An address such as")]
    [InlineData("""{ "listen": "https://localhost:1" }""", "Penstock serves plain HTTP")]
    [InlineData("""{ "listen": "http://example.com:80" }""", "where HOST is localhost, an IP address, or *")]
    [InlineData("""{ "listen": "localhost:80" }""", "write http://HOST:PORT")]
    [InlineData("""{ "providers": [] }""", "An object was expected here.")]
    [InlineData("""{ "configs": [] }""", "An object was expected here.")]
    [InlineData("""{ "configs": { "a b": { "provider": "openai" } } }""", "it travels in a header")]
    [InlineData("""{ "configs": { "main": { "provider": "openai" } }, "default_config": "mian" }""", "There is no saved config 'mian'. Did you mean 'main'?")]
    [InlineData("""{ "default_config": "main" }""", "There is no saved config 'main'. Save it under 'configs'")]
    [InlineData("""{ "trusted_hosts": "localhost" }""", "An array of strings")]
    [InlineData("""{ "trusted_hosts": ["a b"] }""", "'a b' is no host")]
    [InlineData("""{ "cors_origins": ["https://app.example.org/"] }""", "is no origin")]
    [InlineData("""{ "cors_origins": ["app.example.org"] }""", "is no origin")]
    [InlineData("""{ "limits": { "json_bytes": 0 } }""", "A whole number from 1 to")]
    [InlineData("""{ "limits": { "json_bytes": 1.5 } }""", "A whole number from 1 to")]
    [InlineData("""{ "timeouts": { "idle_ms": "5" } }""", "A whole number from 0 to")]
    [InlineData("""{ "timeouts": { "idleMs": 5 } }""", "Did you mean 'idle_ms'?")]
    [InlineData("""{ "limits": {}, "limits": {} }""", "is there twice")]
    public void What_is_wrong_is_said(string file, string words) =>
        Assert.Contains(words, Assert.Single(Files.Faults(file)), StringComparison.Ordinal);

    [Fact]
    public void A_config_is_not_blamed_for_its_providers_faults()
    {
        var fault = Assert.Single(Files.Faults("""
            { "providers": { "acme": { "base_url": 5 } }, "configs": { "main": { "provider": "acme" } }, "default_config": "main" }
            """));
        Assert.Contains("providers,acme,base_url", fault, StringComparison.Ordinal);
    }
}
