using System.Runtime.CompilerServices;
using Penstock.Providers;

namespace Penstock.Core.Tests.Providers;

public sealed class TemplateTests
{
    private static readonly Dictionary<string, string> Options = new() { ["a"] = "1", ["b"] = "x/ü", ["empty"] = "" };

    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("{a}", "1")]
    [InlineData("<{a}{b}>", "<1x/ü>")]
    [InlineData("{none|a}", "1")]
    [InlineData("{empty|none|b}", "x/ü")]
    [InlineData("{none}", null)]
    [InlineData("{a} and {none|empty}", null)]
    public void Is_filled_with_what_is_set(string text, string? filled) => Assert.Equal(filled, Template.Parse(text).Fill(Options));

    [Theory]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("a}b")]
    [InlineData("{a")]
    [InlineData("{}")]
    [InlineData("{a|}")]
    [InlineData("{+a}")]
    [InlineData("{{a}}")]
    [InlineData("{a b}")]
    public void A_placeholder_is_one_or_a_fault(string text) => Assert.Throws<FormatException>(() => Template.Parse(text));

    [Theory]
    [InlineData("gpt-4o", "/m/gpt-4o", "/m/gpt-4o")]
    [InlineData("a/b:free", "/m/a%2Fb%3Afree", "/m/a/b:free")]
    [InlineData("@cf/meta/llama 3?#%", "/m/%40cf%2Fmeta%2Fllama%203%3F%23%25", "/m/@cf/meta/llama%203%3F%23%25")]
    [InlineData("ü€😀", "/m/%C3%BC%E2%82%AC%F0%9F%98%80", "/m/%C3%BC%E2%82%AC%F0%9F%98%80")]
    [InlineData("x\n", "/m/x%0A", "/m/x%0A")]
    [InlineData("\\", "/m/%5C", "/m/%5C")]
    public void A_model_is_escaped_with_or_without_its_slashes(string model, string one, string several)
    {
        Assert.Equal(one, FillPath("/m/{model}", model));
        Assert.Equal(several, FillPath("/m/{+model}", model));
    }

    /// <summary>JSON can name a model that is no Unicode text.</summary>
    [Fact]
    public void Half_a_character_is_replaced() => Assert.Equal("/m/%EF%BF%BDx", FillPath("/m/{model}", "\ud800x"));

    [Fact]
    public void A_model_is_asked_for_when_the_path_needs_it() =>
        Assert.Equal("The provider 'acme' needs a model in the request: it is part of the address.", FillPath("/m/{model}", null));

    /// <summary>Headers that never change cost nothing.</summary>
    [Fact]
    public void A_fixed_text_is_its_own_value()
    {
        Template template = "2022-11-28";

        Assert.True(template.TryFill(Options, out var value));
        Assert.Same(template.Text, value);
    }

    [Fact]
    public void Filling_costs_the_result_alone()
    {
        Template template = "<{a}>";
        template.Fill(Options);
        var before = GC.GetAllocatedBytesForCurrentThread();
        template.TryFill(Options, out var value);
        var after = GC.GetAllocatedBytesForCurrentThread();

        Assert.Equal("<1>", value);
        Assert.InRange(after - before, 1, 32);
    }

    private static string FillPath(string template, string? model)
    {
        var row = Rows.Read("acme", """{"base_url":"http://h"}""");
        var text = new DefaultInterpolatedStringHandler(0, 0);
        var fault = AddressText.Append(ref text, template, row, Options, model);
        return fault ?? text.ToStringAndClear();
    }
}
