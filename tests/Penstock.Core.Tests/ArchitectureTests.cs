using System.Text.RegularExpressions;

namespace Penstock.Core.Tests;

/// <summary>Holds the table of docs/architecture.md: which folder of Core may know which.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string Core = Repository.PathTo("src", "Penstock.Core");

    /// <summary>Folders that a folder may name besides itself: only such as stand above it in this table.</summary>
    public static TheoryData<string, string[]> Allowed => new()
    {
        { "Json", [] },
        { "Auth", [] },
        { "Transport", ["Json"] },
        { "Providers", ["Json", "Auth"] },
        { "Config", ["Json", "Auth", "Transport", "Providers"] },
        { "Dialects", ["Json", "Providers", "Config"] },
        { "Snapshot", ["Json", "Transport", "Providers", "Config"] },
        { "Pipeline", ["Json", "Auth", "Transport", "Providers", "Config", "Dialects", "Snapshot"] },
        { "Routing", ["Transport", "Config", "Pipeline"] },
        { "Hosting", ["Auth", "Providers", "Snapshot"] },
        { "Http", ["Json", "Auth", "Transport", "Providers", "Config", "Dialects", "Snapshot", "Pipeline", "Routing", "Hosting"] },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void A_folder_knows_only_what_the_table_allows(string folder, string[] allowed)
    {
        var strangers =
            from file in Directory.EnumerateFiles(Path.Combine(Core, folder), "*.cs", SearchOption.AllDirectories)
            from Match match in PenstockUsing().Matches(File.ReadAllText(file))
            let known = match.Groups[1].Value
            where known != folder && !allowed.Contains(known)
            select $"{Path.GetFileName(file)} knows {known}";
        Assert.Empty(strangers);
    }

    [Fact]
    public void No_two_folders_know_each_other()
    {
        var above = new HashSet<string>();
        foreach (var row in Allowed)
        {
            var (folder, allowed) = row.Data;
            Assert.Empty(allowed.Except(above));
            above.Add(folder);
        }
    }

    [Fact]
    public void Every_folder_is_in_the_table()
    {
        var folders = Directory.EnumerateDirectories(Core).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj"));
        Assert.Equal(folders.Order(StringComparer.Ordinal), Allowed.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Only_the_http_folder_knows_the_context()
    {
        var strangers =
            from file in Directory.EnumerateFiles(Core, "*.cs", SearchOption.AllDirectories)
            where !file.Contains("/Http/", StringComparison.Ordinal) && ContextName().IsMatch(File.ReadAllText(file))
            select Path.GetFileName(file);
        Assert.Empty(strangers);
    }

    [Fact]
    public void No_file_has_grown_a_second_subject()
    {
        var large =
            from file in Directory.EnumerateFiles(Repository.PathTo("src"), "*.cs", SearchOption.AllDirectories)
            let lines = File.ReadLines(file).Count()
            where lines > 400
            select $"{Path.GetFileName(file)}: {lines} lines";
        Assert.Empty(large);
    }

    [GeneratedRegex(@"^using (?:static )?Penstock\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex PenstockUsing();

    [GeneratedRegex(@"\bHttpContext\b")]
    private static partial Regex ContextName();
}
