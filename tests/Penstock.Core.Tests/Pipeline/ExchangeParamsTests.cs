using Microsoft.AspNetCore.Http;
using Penstock.Auth;
using Penstock.Core.Tests.Json;
using Penstock.Json;
using Penstock.Pipeline;
using Penstock.Providers;
using Penstock.Snapshot;

namespace Penstock.Core.Tests.Pipeline;

public sealed class ExchangeParamsTests
{
    [Fact]
    public void Conditions_see_bodies_as_deep_as_the_gateway_takes_them()
    {
        var deep = BodyScan.MaxDepth - 1;
        using var exchange = Exchange($$"""{"model":"m","a":{{new string('[', deep)}}{{new string(']', deep)}}}""");

        Assert.True(exchange.Params.GetProperty("model").ValueEquals("m"));
    }

    private static Exchange Exchange(string body)
    {
        var headers = new HeaderDictionary();
        return new Exchange
        {
            Snapshot = new GatewaySnapshot { Settings = new GatewaySettings(), Catalogue = new Catalogue([]) },
            Operation = Operation.Chat,
            Method = HttpMethod.Post,
            RawTarget = "/v1/chat/completions",
            PathName = "/v1/chat/completions",
            Headers = headers,
            TraceId = "t",
            Caller = CallerCredential.From(headers),
            MayUseEnvironmentKeys = false,
            ClientGone = TestContext.Current.CancellationToken,
            Cut = TestContext.Current.CancellationToken,
            Scan = Bodies.Scan(body),
        };
    }
}
