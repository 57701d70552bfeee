using Penstock.Config;
using Penstock.Dialects.OpenAi;
using Penstock.Providers;

namespace Penstock.Core.Tests.Dialects.OpenAi;

public sealed class RequestShaperTests
{
    [Fact]
    public void Overrides_then_adds_then_drops()
    {
        var settings = new LeafSettings
        {
            OverrideParams = [("model", "\"m\""u8.ToArray()), ("seed", "null"u8.ToArray())],
            DefaultParams = [("seed", "1"u8.ToArray()), ("top_p", "0.5"u8.ToArray()), ("user", "\"u\""u8.ToArray())],
            DropParams = [ParamPath.Parse("user"), ParamPath.Parse("messages[*].name")],
        };

        var shaped = Shaping.Shape("""{"model":"x","messages":[{"name":"n","role":"user"}],"odd":1}""", editor => RequestShaper.Apply(editor, settings));

        Assert.Equal("""{"model":"m","messages":[{"role":"user"}],"odd":1,"seed":null,"top_p":0.5}""", shaped);
    }

    [Fact]
    public void Leaves_a_body_alone_that_needs_nothing() =>
        Shaping.Shape("""{ "model":"x" }""", editor =>
        {
            RequestShaper.Apply(editor, LeafSettings.Default);
            RequestShaper.Apply(editor, Quirks.None, null);
            Assert.False(editor.IsChanged);
        });

    [Fact]
    public void Applies_the_quirks_in_their_order()
    {
        var quirks = new Quirks
        {
            Values = [("tool_choice", "required", "any"), ("tool_choice", "any", "never")],
            Rename = [("max_completion_tokens", "max_tokens"), ("seed", "random_seed")],
            Remove = ["logprobs"],
            Default = [("max_tokens", "100"u8.ToArray()), ("safe_prompt", "true"u8.ToArray())],
            Roles = [("developer", "system")],
            ModelPrefix = "mistralai.",
        };

        var shaped = Shaping.Shape(
            """{"model":"mistralai.large","seed":1,"tool_choice":"required","logprobs":true,"max_completion_tokens":5,"max_tokens":9,"messages":[{"role":"developer","content":"developer"}]}""",
            editor => RequestShaper.Apply(editor, quirks, null));

        Assert.Equal(
            """{"model":"large","random_seed":1,"tool_choice":"any","max_tokens":5,"messages":[{"role":"system","content":"developer"}],"safe_prompt":true}""",
            shaped);
    }

    [Theory]
    [InlineData("""{"reasoning_effort":"low","b":1}""", """{"reasoning":{"effort":"low"},"b":1}""")]
    [InlineData("""{"reasoning_effort":"low","reasoning":{"x":1}}""", """{"reasoning_effort":"low","reasoning":{"x":1}}""")]
    [InlineData("""{"b":1}""", """{"b":1}""")]
    public void Nests_a_renamed_member(string body, string expected)
    {
        var quirks = new Quirks { Rename = [("reasoning_effort", "reasoning.effort")] };

        Assert.Equal(expected, Shaping.Shape(body, editor => RequestShaper.Apply(editor, quirks, null)));
    }

    [Theory]
    [InlineData("""{"model":"a"}""", """{"model":"my \"deployment\""}""")]
    [InlineData("""{}""", """{"model":"my \"deployment\""}""")]
    public void Sets_the_model_of_a_template(string body, string expected) =>
        Assert.Equal(expected, Shaping.Shape(body, editor => RequestShaper.Apply(editor, Quirks.None, "my \"deployment\"")));

    [Theory]
    [InlineData("\"mistralai.x\"", "\"x\"")]
    [InlineData("\"mistral\\u0061i.x\"", "\"x\"")]
    [InlineData("\"mistralai.\"", "\"mistralai.\"")]
    [InlineData("\"other\"", "\"other\"")]
    [InlineData("7", "7")]
    public void Cuts_the_prefix_of_a_model(string model, string expected)
    {
        var quirks = new Quirks { ModelPrefix = "mistralai." };

        Assert.Equal($$"""{"model":{{expected}}}""", Shaping.Shape($$"""{"model":{{model}}}""", editor => RequestShaper.Apply(editor, quirks, null)));
    }

    [Theory]
    [InlineData("""[{"role":"user"},{"content":{"role":"developer"},"role":"developer"},3,[{"role":"developer"}]]""", """[{"role":"user"},{"content":{"role":"developer"},"role":"system"},3,[{"role":"developer"}]]""")]
    [InlineData("""[{"role":["developer"]},{"x":"\ud800","role" : "developer"}]""", """[{"role":["developer"]},{"x":"\ud800","role" : "system"}]""")]
    [InlineData("\"developer\"", "\"developer\"")]
    [InlineData("[]", "[]")]
    public void Renames_the_roles_of_messages_only(string messages, string expected)
    {
        var quirks = new Quirks { Roles = [("tool", "function"), ("developer", "system")] };

        Assert.Equal($$"""{"messages":{{expected}}}""", Shaping.Shape($$"""{"messages":{{messages}}}""", editor => RequestShaper.Apply(editor, quirks, null)));
    }

    [Fact]
    public void Renames_roles_after_paths_were_cut_from_the_same_value()
    {
        var settings = new LeafSettings { DropParams = [ParamPath.Parse("messages[*].name")] };
        var quirks = new Quirks { Roles = [("developer", "system")] };

        var shaped = Shaping.Shape("""{"messages":[{"name":"n","role":"developer"}]}""", editor =>
        {
            RequestShaper.Apply(editor, settings);
            RequestShaper.Apply(editor, quirks, null);
        });

        Assert.Equal("""{"messages":[{"role":"system"}]}""", shaped);
    }
}
