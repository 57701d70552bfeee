using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Penstock.Auth;

namespace Penstock.Core.Tests.Auth;

public sealed class SecretTests
{
    private const string Value = "sk-canary";

    private static readonly Secret Canary = new(Value);

    [Fact]
    public void Cannot_be_printed()
    {
        Assert.Equal("***", Canary.ToString());
        Assert.Equal("key ***", $"key {Canary}");
        Assert.Equal("key ***", "key " + Canary);
        Assert.Equal("key ***", string.Format(System.Globalization.CultureInfo.InvariantCulture, "key {0}", Canary));
        Assert.DoesNotContain(Value, new Holder(Canary).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Cannot_be_serialised()
    {
        var options = new JsonSerializerOptions { IncludeFields = true };

        Assert.DoesNotContain(Value, JsonSerializer.Serialize(Canary, options), StringComparison.Ordinal);
        Assert.DoesNotContain(Value, JsonSerializer.Serialize(new Holder(Canary), options), StringComparison.Ordinal);
    }

    [Fact]
    public void Is_hidden_from_the_debugger()
    {
        Assert.Equal("***", typeof(Secret).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value);
        var fields = typeof(Secret).GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public);

        Assert.NotEmpty(fields);
        Assert.All(fields, field => Assert.Equal(DebuggerBrowsableState.Never, field.GetCustomAttribute<DebuggerBrowsableAttribute>()!.State));
    }

    [Fact]
    public void Shows_its_value_only_when_asked() => Assert.Equal(Value, Canary.Reveal());

    [Fact]
    public void Equals_its_like()
    {
        Assert.True(Canary == new Secret("sk-" + "canary"));
        Assert.Equal(Canary.GetHashCode(), new Secret("sk-" + "canary").GetHashCode());
        Assert.True(Canary != new Secret("sk-canarz"));
        Assert.False(Canary.Equals(default(Secret)));
        Assert.Equal(default, new Secret(""));
        Assert.Equal(default(Secret).GetHashCode(), new Secret("").GetHashCode());
        Assert.Equal("", default(Secret).Reveal());
        Assert.True(default(Secret).IsEmpty);
    }

    private sealed record Holder(Secret Key);
}
