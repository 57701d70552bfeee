using Penstock.Config;

namespace Penstock.Tests.Snapshot;

/// <summary><c>${NAME}</c> in <c>penstock.json</c>.</summary>
public sealed class EnvironmentReferenceTests
{
    private const string Secret = "sk-very-secret-1234567890";

    [Fact]
    public void A_reference_is_replaced_by_the_variable()
    {
        var snapshot = Files.Read("""{ "configs": { "main": { "provider": "openai", "api_key": "${MY_KEY}" } } }""", ("MY_KEY", Secret));
        Assert.Equal(Secret, ((LeafTarget)snapshot.SavedPlans["main"].Root).ApiKey.Reveal());
    }

    [Fact]
    public void It_may_stand_anywhere_in_a_string_and_more_than_once()
    {
        var settings = Files.Read("""{ "listen": ["http://${HOST}:${PORT}"] }""", ("HOST", "127.0.0.1"), ("PORT", "81")).Settings;
        Assert.Equal(["http://127.0.0.1:81"], settings.Listen);
    }

    [Theory]
    [InlineData("$${MY_KEY}", "${MY_KEY}")]
    [InlineData("a $ {MY_KEY} $MY_KEY", "a $ {MY_KEY} $MY_KEY")]
    [InlineData("$${${MY_KEY}}", "${value}")]
    [InlineData("\\u0024{MY_KEY}", "value")]
    public void Two_dollars_stand_for_the_characters_themselves(string written, string meant)
    {
        var snapshot = Files.Read($$"""{ "default_config": { "provider": "openai", "override_params": { "user": "{{written}}" } } }""", ("MY_KEY", "value"));
        var (name, json) = Assert.Single(((LeafTarget)snapshot.DefaultPlan!.Root).Settings.OverrideParams);
        Assert.Equal("user", name);
        Assert.Equal($"\"{meant}\"", System.Text.Encoding.UTF8.GetString(json));
    }

    [Theory]
    [InlineData("${MISSING}", "The environment variable 'MISSING' is not set.")]
    [InlineData("${EMPTY}", "The environment variable 'EMPTY' is not set.")]
    [InlineData("${}", "begins the name of an environment variable")]
    [InlineData("${A-B}", "begins the name of an environment variable")]
    [InlineData("${MISSING", "begins the name of an environment variable")]
    public void A_reference_to_nothing_is_one_fault_at_its_place(string written, string words)
    {
        var fault = Assert.Single(Files.Faults($$"""
            {
              "providers": { "acme": { "base_url": "{{written}}" } }
            }
            """, ("EMPTY", "")));
        Assert.StartsWith("2:40 providers,acme,base_url: ", fault, StringComparison.Ordinal);
        Assert.Contains(words, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "listen": "${MY_KEY}" }""")]
    [InlineData("""{ "listen": ["http://${MY_KEY}"] }""")]
    [InlineData("""{ "default_config": "${MY_KEY}" }""")]
    [InlineData("""{ "cors_origins": ["${MY_KEY}/x"] }""")]
    [InlineData("""{ "configs": { "main": { "provider": "${MY_KEY}" } } }""")]
    [InlineData("""{ "configs": { "main": { "strategy": { "mode": "${MY_KEY}" }, "targets": [{ "provider": "openai" }] } } }""")]
    [InlineData("""{ "providers": { "acme": { "base_url": "${MY_KEY}" } } }""")]
    public void A_fault_never_shows_what_the_variable_holds(string file)
    {
        foreach (var fault in Files.Faults(file, ("MY_KEY", Secret))) Assert.DoesNotContain(Secret[..8], fault, StringComparison.OrdinalIgnoreCase);
    }
}
