using Microsoft.AspNetCore.Http;
using Penstock.Auth;

namespace Penstock.Core.Tests.Auth;

public sealed class CallerCredentialTests
{
    [Theory]
    [InlineData("Bearer sk-1", "sk-1", "Bearer sk-1")]
    [InlineData("bearer sk-1", "sk-1", "")]
    [InlineData("BEARER sk-1", "sk-1", "")]
    [InlineData("Bearer  sk-1 ", "sk-1", "")]
    [InlineData("Bearer Bearer sk-1", "sk-1", "")]
    [InlineData("sk-1", "sk-1", "")]
    [InlineData("Basic dTpw", "Basic dTpw", "Basic dTpw")]
    public void Reads_the_authorization_header(string header, string key, string passedOn)
    {
        var caller = From(("Authorization", header));

        Assert.Equal(key, caller.Key.Reveal());
        Assert.Equal(passedOn, caller.Authorization.Reveal());
    }

    [Theory]
    [InlineData("x-api-key")]
    [InlineData("api-key")]
    [InlineData("x-goog-api-key")]
    public void Reads_the_headers_of_the_other_sdks(string name)
    {
        var caller = From((name, "sk-1"), ("Authorization", "Bearer DUMMY-KEY"));

        Assert.Equal("sk-1", caller.Key.Reveal());
        Assert.True(caller.Authorization.IsEmpty);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer DUMMY-KEY")]
    [InlineData("Bearer dummy-key")]
    [InlineData("bearer dummy")]
    [InlineData("Bearer undefined")]
    [InlineData("undefined")]
    [InlineData("Bearer null")]
    [InlineData("Bearer pst_abc")]
    [InlineData("pst_abc")]
    [InlineData("bearer bearer pst_abc")]
    [InlineData("Bearer gateway")]
    [InlineData("gateway")]
    [InlineData("bearer  gateway")]
    public void Takes_no_placeholder_and_no_gateway_key_for_a_providers(string header)
    {
        Assert.True(From(("Authorization", header), ("x-portkey-api-key", "gateway")).IsNone);
        Assert.True(From(("Authorization", header), ("x-portkey-api-key", "Bearer gateway")).IsNone);
        Assert.True(From(("x-api-key", header), ("x-portkey-api-key", "gateway")).IsNone);
    }

    [Fact]
    public void Finds_the_providers_key_beside_the_gateways()
    {
        var caller = From(("Authorization", "Bearer pst_1"), ("x-portkey-api-key", "pst_1"), ("x-api-key", "sk-1"));

        Assert.Equal("sk-1", caller.Key.Reveal());
    }

    [Fact]
    public void Takes_two_values_for_none()
    {
        var headers = new HeaderDictionary { ["Authorization"] = new(["Bearer a", "Bearer b"]) };

        Assert.True(CallerCredential.From(headers).IsNone);
    }

    [Theory]
    [InlineData("pst_x", true)]
    [InlineData("Bearer pst_x", true)]
    [InlineData("bearer gateway", true)]
    [InlineData("gateway", true)]
    [InlineData("gateway2", false)]
    [InlineData("Bearer sk-1", false)]
    [InlineData("", false)]
    public void Knows_keys_to_this_gateway_in_any_header(string value, bool isOurs)
    {
        Assert.Equal(isOurs, From(("x-portkey-api-key", "gateway")).IsGatewayKey(value));
        Assert.Equal(isOurs, From(("x-portkey-api-key", "gateway"), ("Authorization", "sk-1")).IsGatewayKey(value));
    }

    [Fact]
    public void Takes_nothing_for_a_gateway_key_when_none_was_sent()
    {
        Assert.False(From().IsGatewayKey(""));
        Assert.False(From().IsGatewayKey("Bearer "));
    }

    [Fact]
    public void Cannot_be_printed()
    {
        var text = From(("Authorization", "Bearer sk-canary"), ("x-portkey-api-key", "canary-gateway")).ToString();

        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
    }

    private static CallerCredential From(params (string Name, string Value)[] headers)
    {
        var dictionary = new HeaderDictionary();
        foreach (var (name, value) in headers) dictionary[name] = value;
        return CallerCredential.From(dictionary);
    }
}
