namespace Penstock.Tests;

/// <summary>What the executable does without serving.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task Help_shows_the_options_examples_and_environment()
    {
        using var folder = new Scratch();
        var (exitCode, output) = await PenstockProcess.RunAsync(folder, ["--help"]);
        Assert.Equal(0, exitCode);
        foreach (var word in new[] { "--port", "--urls", "--config", "--validate", "--version", "penstock --port 9000", "PENSTOCK_CONFIG", "ASPNETCORE_URLS", "OPENAI_API_KEY" })
        {
            Assert.Contains(word, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Version_names_version_licence_and_source()
    {
        using var folder = new Scratch();
        var (exitCode, output) = await PenstockProcess.RunAsync(folder, ["--version"]);
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^Penstock \d+\.\d+\.\d+\nLicense: AGPL-3\.0-or-later\nSource:  https://", output);
    }

    [Fact]
    public async Task A_wrong_option_is_named_and_ends_with_two()
    {
        using var folder = new Scratch();
        var (exitCode, output) = await PenstockProcess.RunAsync(folder, ["--prot", "9000"]);
        Assert.Equal(2, exitCode);
        Assert.Contains("'--prot'", output, StringComparison.Ordinal);
        Assert.Contains("penstock --help", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_prints_each_fault_with_file_line_and_column()
    {
        using var folder = new Scratch();
        var file = folder.Write("penstock.json", """
            {
              // the reader takes comments
              "listn": "http://localhost:1",
              "configs": {
                "main": { "provider": "opena" },
              },
              "limits": { "json_bytes": "big" }
            }
            """);
        var (exitCode, output) = await PenstockProcess.RunAsync(folder, ["--validate"]);
        Assert.Equal(1, exitCode);
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal($"{file}:3:12: listn: Unknown member 'listn'. Did you mean 'listen'?", lines[0]);
        Assert.StartsWith($"{file}:5:27: configs,main,provider: ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith($"{file}:7:29: limits,json_bytes: ", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_says_what_a_good_file_brings()
    {
        using var folder = new Scratch();
        File.Copy(Repository.PathTo("samples", "penstock.json"), folder.Settings);
        var (exitCode, output) = await PenstockProcess.RunAsync(folder, ["--validate"], ("OPENAI_API_KEY", "sk-test"));
        Assert.Contains("is valid: 1 custom provider, 2 saved configs, a default config.", output, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task A_broken_file_is_reported_and_nothing_starts()
    {
        using var folder = new Scratch();
        folder.Write("penstock.json", "{\n  \"limits\": {,}\n}");
        var (exitCode, output) = await PenstockProcess.RunAsync(folder, ["--port", "0"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("penstock.json:2:14: ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_was_asked_for_must_exist()
    {
        using var folder = new Scratch();
        var (exitCode, output) = await PenstockProcess.RunAsync(folder, ["--port", "0"], ("PENSTOCK_CONFIG", "nowhere.json"));
        Assert.Equal(1, exitCode);
        Assert.Contains("nowhere.json: The file does not exist.", output, StringComparison.Ordinal);
    }
}
