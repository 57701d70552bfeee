using System.Text.RegularExpressions;

namespace Penstock.Core.Tests;

/// <summary>Holds the table of docs/architecture.md: which folder of Core may know which.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string Core = Repository.PathTo("src", "Penstock.Core");

    /// <summary>Folders that a folder may name; itself always.</summary>
    public static TheoryData<string, string[]> Allowed => new()
    {
        { "Json", [] },
        { "Transport", ["Json"] },
        { "Providers", ["Json", "Auth"] },
        { "Config", ["Json", "Providers", "Auth", "Transport"] },
        { "Auth", [] },
        { "Dialects", ["Json", "Config", "Providers"] },
        { "Snapshot", ["Json", "Config", "Providers", "Transport"] },
        { "Routing", ["Config", "Pipeline", "Transport"] },
        { "Pipeline", ["Auth", "Config", "Dialects", "Json", "Providers", "Snapshot", "Transport"] },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void A_folder_knows_only_what_stands_below_it(string folder, string[] allowed)
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
    public void Every_folder_is_in_the_table_or_stands_on_top()
    {
        string[] top = ["Http", "Hosting"];
        var folders = Directory.EnumerateDirectories(Core).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj"));
        Assert.Empty(folders.Except([.. Allowed.Select(row => row.Data.Item1), .. top]));
    }

    [Fact]
    public void Only_the_http_and_hosting_folders_know_the_context()
    {
        var strangers =
            from file in Directory.EnumerateFiles(Core, "*.cs", SearchOption.AllDirectories)
            where !file.Contains("/Http/", StringComparison.Ordinal) && !file.Contains("/Hosting/", StringComparison.Ordinal)
            where ContextName().IsMatch(File.ReadAllText(file))
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
