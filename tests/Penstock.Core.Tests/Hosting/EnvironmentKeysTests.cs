using System.Collections.Immutable;
using Penstock.Auth;
using Penstock.Providers;

namespace Penstock.Tests.Hosting;

public sealed class EnvironmentKeysTests
{
    [Fact]
    public void The_first_variable_that_is_set_gives_the_key()
    {
        var keys = new EnvironmentKeys(name => name switch { "SECOND" => " two ", "THIRD" => "three", "EMPTY" => " ", _ => null });
        Assert.Equal("two", keys.For(Row("FIRST", "EMPTY", "SECOND", "THIRD")).Reveal());
        Assert.True(keys.For(Row("FIRST", "EMPTY")).IsEmpty);
        Assert.True(keys.For(Row()).IsEmpty);
    }

    [Fact]
    public void A_variable_is_read_once()
    {
        var reads = 0;
        var keys = new EnvironmentKeys(_ => reads++.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("0", keys.For(Row("KEY")).Reveal());
        Assert.Equal("0", keys.For(Row("KEY")).Reveal());
        Assert.Equal(1, reads);
    }

    private static ProviderRow Row(params ImmutableArray<string> variables) => new() { Id = "acme", Name = "Acme", Auth = [], EnvironmentKeys = variables };
}
