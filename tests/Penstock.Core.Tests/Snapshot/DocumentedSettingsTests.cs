using System.Text.RegularExpressions;

namespace Penstock.Core.Tests.Snapshot;

/// <summary>The pieces of <c>penstock.json</c> that the documentation shows can be used as printed.</summary>
public sealed partial class DocumentedSettingsTests
{
    public static TheoryData<string, string> Blocks
    {
        get
        {
            var blocks = new TheoryData<string, string>();
            foreach (var file in new[] { "README.md", "docs/custom-providers.md", "docs/configuration.md" })
            {
                foreach (Match block in JsonBlock().Matches(File.ReadAllText(Repository.PathTo(file)))) blocks.Add(file, block.Groups[1].Value);
            }

            return blocks;
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Every_piece_is_good(string file, string block)
    {
        Assert.EndsWith(".md", file, StringComparison.Ordinal);
        if (block.Contains("\"targets\"", StringComparison.Ordinal)) return; // a config, which DocumentedConfigsTests compiles
        Files.Read(block.StartsWith('{') ? block : AsRow(block));
    }

    [Fact]
    public void There_are_pieces_of_every_kind()
    {
        var blocks = Blocks.Select(block => block.Data.Item2).ToList();
        foreach (var member in new[] { "providers", "auth", "options", "operations", "variants" }) Assert.Contains(blocks, block => block.Contains($"\"{member}\"", StringComparison.Ordinal));
    }

    /// <summary>A member of a row, in a row that has the options that it speaks of.</summary>
    private static string AsRow(string member)
    {
        var options = member.StartsWith("\"options\"", StringComparison.Ordinal) ? "" : """, "options": { "deployment": {}, "stage": {} }""";
        return $$"""{ "providers": { "acme": { "base_url": "https://acme.example.com/v1"{{options}}, {{member}} } } }""";
    }

    [GeneratedRegex("^```json\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
