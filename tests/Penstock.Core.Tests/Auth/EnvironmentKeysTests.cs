using Penstock.Auth;

namespace Penstock.Core.Tests.Auth;

public sealed class EnvironmentKeysTests
{
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal) { ["ACME_KEY"] = " sk-acme\n", ["EMPTY_KEY"] = " ", ["OTHER_KEY"] = "sk-other" };

    [Theory]
    [InlineData("sk-acme", "ACME_KEY")]
    [InlineData("sk-acme", "EMPTY_KEY", "ACME_KEY", "OTHER_KEY")]
    [InlineData("sk-other", "MISSING_KEY", "OTHER_KEY")]
    [InlineData("", "EMPTY_KEY", "MISSING_KEY")]
    [InlineData("")]
    public void Gives_the_first_variable_that_is_set(string key, params string[] variables) => Assert.Equal(key, Keys().For([.. variables]).Reveal());

    [Fact]
    public void Reads_no_variable_twice()
    {
        var keys = Keys();
        keys.For(["ACME_KEY", "MISSING_KEY"]);
        _environment.Clear();
        _environment["MISSING_KEY"] = "sk-late";

        Assert.Equal("sk-acme", keys.For(["ACME_KEY"]).Reveal());
        Assert.True(keys.For(["EMPTY_KEY", "OTHER_KEY"]).IsEmpty);
    }

    private EnvironmentKeys Keys() => new(name => _environment.GetValueOrDefault(name));
}
