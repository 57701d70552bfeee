using Penstock.Providers;

namespace Penstock.Core.Tests.Providers;

public sealed class ProviderPageTests
{
    [Fact]
    public async Task The_page_says_what_the_catalogue_says()
    {
        var file = Path.Combine(RepositoryRoot(), "docs", "providers.md");
        var page = ProviderPage.Render(Catalogue.BuiltIn.Rows);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, page, TestContext.Current.CancellationToken);
        }

        var written = File.Exists(file) ? await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) : "";
        Assert.True(page == written.ReplaceLineEndings("\n"), "docs/providers.md is out of date: run this test with UPDATE_DOCS=1 and look at the difference.");
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Penstock.slnx"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests do not stand below the repository.");
    }
}
