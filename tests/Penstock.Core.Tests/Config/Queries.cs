using Penstock.Config;

namespace Penstock.Core.Tests.Config;

/// <summary>Conditions, compiled as part of a config.</summary>
internal static class Queries
{
    public static Condition Compile(string query) =>
        Assert.Single(Assert.IsType<ConditionalTarget>(Configs.Compile(Config(query)).Root).Cases).Condition;

    public static string Config(string query) =>
        $$"""{"strategy":{"mode":"conditional","conditions":[{"query":{{query}},"then":"a"}]},"targets":[{"name":"a","provider":"openai"}]}""";
}
