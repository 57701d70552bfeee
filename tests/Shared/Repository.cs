namespace Penstock.Tests;

/// <summary>The checkout that the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathTo(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Penstock.slnx"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests must run below the checkout.");
    }
}
