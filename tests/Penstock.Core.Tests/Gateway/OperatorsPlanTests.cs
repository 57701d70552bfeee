namespace Penstock.Core.Tests.Gateway;

/// <summary>A config of the operator's that leaves the provider to the request: what the request then says is still a caller's word.</summary>
public sealed class OperatorsPlanTests
{
    [Theory]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("http://10.0.0.1")]
    [InlineData("file:///etc/passwd")]
    public async Task A_url_option_from_a_header_must_pass_the_rules_for_hosts(string url)
    {
        await using var world = await TestWorld.StartAsync(file: _ => """{"configs":{"saved":{"retry":{"attempts":0}}}}""");
        var request = world.Json("/v1/chat/completions", """{"model":"m","messages":[]}""", "saved");
        request.Headers.Add("x-portkey-provider", "huggingface");
        request.Headers.Add("x-portkey-huggingface-base-url", url);
        var answer = await world.SendAsync(request);
        Assert.Equal(400, answer.Status);
        Assert.Contains("huggingface_base_url", answer.ErrorMessage, StringComparison.Ordinal);
    }
}
