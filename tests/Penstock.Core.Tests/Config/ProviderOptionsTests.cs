using Penstock.Config;
using Penstock.Providers;

namespace Penstock.Core.Tests.Config;

public sealed class ProviderOptionsTests
{
    [Theory]
    [InlineData("""{"resource_name":"r","deployment_id":"d"}""")]
    [InlineData("""{"azure_resource_name":"r","azure_deployment_name":"d"}""")]
    [InlineData("""{"resourceName":"r","azureDeploymentId":"d"}""")]
    public void Options_have_canonical_names(string members)
    {
        var leaf = Configs.Leaf($$"""{"provider":"azure-openai",{{members[1..]}}""");

        Assert.Equal(["deployment_id=d", "resource_name=r"], Sorted(leaf.Options));
    }

    [Theory]
    [InlineData("\"v\"", "v")]
    [InlineData("20241001", "20241001")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("""{ "type": "x", "key": "a\nb" }""", """{"type":"x","key":"a\nb"}""")]
    public void Values_become_text(string written, string expected) =>
        Assert.Equal(expected, Configs.Leaf($$"""{"provider":"azure-openai","api_version":{{written}}}""").Options["api_version"]);

    [Fact]
    public void Options_of_other_providers_are_left_out() =>
        Assert.Empty(Configs.Leaf("""{"provider":"openai","resource_name":"r","aws_region":5}""").Options);

    [Fact]
    public void A_leaf_without_a_provider_keeps_the_options_of_all()
    {
        var leaf = Configs.Leaf("""{"azure_api_version":"2024-10-21","openaiOrganization":"org","azure_foundry_url":"https://x.example","colour":"red"}""");

        Assert.Equal(
            ["api_version=2024-10-21", "azure_api_version=2024-10-21", "azure_foundry_url=https://x.example", "openai_organization=org"],
            Sorted(leaf.Options));
    }

    [Fact]
    public void A_name_beats_an_alias()
    {
        var leaf = Configs.Leaf("""{"azure_api_version":"alias","api_version":"name"}""");

        Assert.Equal(["api_version=name", "azure_api_version=alias"], Sorted(leaf.Options));
    }

    [Fact]
    public void No_option_of_ours_is_hidden_by_a_member_of_every_config() => Assert.Equal(
        [],
        from row in Catalogue.BuiltIn.Rows
        from option in row.Options.Values
        from name in option.Aliases.Append(option.Name)
        where ConfigMembers.Config.Find(name) is not null
        select $"{row.Id}: {name}");

    private static IEnumerable<string> Sorted(IEnumerable<KeyValuePair<string, string>> options) =>
        options.Select(option => $"{option.Key}={option.Value}").Order(StringComparer.Ordinal);
}
