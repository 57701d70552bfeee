using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Penstock.Auth;
using Penstock.Config;
using Penstock.Pipeline;
using Penstock.Providers;
using Penstock.Snapshot;

namespace Penstock.Core.Tests.Pipeline;

/// <summary>Keys to this gateway never go to a provider, whatever a client or a config asks for.</summary>
public sealed class GatewayKeysStayHereTests
{
    private static readonly ProviderRow Acme = new() { Id = "acme", Name = "Acme", Auth = [new AuthRule(AuthKind.Bearer, "Bearer")] };

    [Theory]
    [InlineData(Operation.Chat)]
    [InlineData(Operation.Proxy)]
    public void Not_in_a_header_that_is_forwarded_or_passed(Operation operation)
    {
        var client = new HeaderDictionary
        {
            ["Authorization"] = "Bearer gateway-key",
            ["x-portkey-api-key"] = "gateway-key",
            ["X-Team-Key"] = "pst_team",
            ["X-Other"] = "fine",
        };
        var (error, sent) = Build(client, operation, "sk-provider", "authorization", "xTeamKey", "x-other");

        Assert.Null(error);
        Assert.Equal("Bearer sk-provider", sent["Authorization"]);
        Assert.Equal("fine", sent["X-Other"], ignoreCase: true);
        Assert.DoesNotContain(sent.Values, value => value.Contains("gateway-key", StringComparison.Ordinal) || value.Contains("pst_", StringComparison.Ordinal));
    }

    [Fact]
    public void Not_as_the_api_key_of_a_config()
    {
        var (error, _) = Build(new HeaderDictionary(), Operation.Chat, "pst_mine");

        Assert.Equal(400, error!.Status);
        Assert.DoesNotContain("pst_mine", error.Message, StringComparison.Ordinal);
    }

    private static (GatewayError? Error, Dictionary<string, string> Sent) Build(HeaderDictionary client, Operation operation, string key, params string[] forward)
    {
        using var exchange = new Exchange
        {
            Snapshot = new GatewaySnapshot { Settings = new GatewaySettings(), Catalogue = Catalogue.BuiltIn },
            Operation = operation,
            Method = HttpMethod.Post,
            RawTarget = "/v1/x",
            PathName = "/v1/x",
            Headers = client,
            TraceId = "t",
            Caller = CallerCredential.From(client),
            MayUseEnvironmentKeys = false,
            ClientGone = CancellationToken.None,
            Cut = CancellationToken.None,
        };
        var leaf = new LeafTarget { Path = "config", Settings = LeafSettings.Default with { ForwardHeaders = [.. forward] } };
        var headers = new List<KeyValuePair<string, string>>();
        var address = "https://acme.example/v1/x";
        var error = UpstreamHeaders.Build(headers, exchange, leaf, Acme, FrozenDictionary<string, string>.Empty, new ProviderKey(new Secret(key), default), false, ref address);
        return (error, headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
    }
}
