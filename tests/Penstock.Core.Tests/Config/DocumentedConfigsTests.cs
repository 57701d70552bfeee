using System.Text.RegularExpressions;
using Penstock.Config;
using Penstock.Json;
using Penstock.Providers;
using Penstock.Transport;
using Penstock.Tests;

namespace Penstock.Core.Tests.Config;

/// <summary>What the documentation shows can be used as printed.</summary>
public sealed partial class DocumentedConfigsTests
{
    [Theory]
    [InlineData("docs/routing.md", 9)]
    [InlineData("README.md", 1)]
    public void Every_config_compiles(string file, int atLeast)
    {
        var scope = new ConfigScope(Catalogue.BuiltIn, new HostRules([], trustLoopback: true));
        var count = 0;
        foreach (Match block in JsonBlock().Matches(File.ReadAllText(Repository.PathTo(file))))
        {
            var root = JsonText.Parse(block.Groups[1].Value).Root;
            if (!root.Members.Any(member => ConfigMembers.Config.Find(member.Key) is not null)) continue;
            var faults = new JsonFaults();
            ConfigCompiler.Compile(root, scope, faults);
            Assert.Equal([], faults.All.Select(fault => $"{fault.Path}: {fault.Message}"));
            count++;
        }

        Assert.True(count >= atLeast, $"{file} shows {count} configs.");
    }

    [Fact]
    public void Every_member_is_explained()
    {
        var text = File.ReadAllText(Repository.PathTo("docs/routing.md"));
        MemberNames[] tables = [ConfigMembers.Config, ConfigMembers.Strategy, ConfigMembers.Condition, ConfigMembers.Retry, ConfigMembers.Timeouts];
        string[] outside = ["$schema", "options", "default_input_guardrails", "default_output_guardrails"]; // for editors, or of other products

        var names = tables.SelectMany(table => table.All).Concat(ConfigMembers.ValueOperators).Concat(ConfigMembers.QueryOperators).Except(outside);

        Assert.Equal([], names.Where(name => !Regex.IsMatch(text, $@"[`.""]{Regex.Escape(name)}[`"":.]")));
    }

    [GeneratedRegex("^```json\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
