using System.Reflection;

namespace Penstock.Hosting;

/// <summary>What this program is: the licence asks that every running copy can say it.</summary>
internal static class Product
{
    public const string Name = "Penstock";

    public const string License = "AGPL-3.0-or-later";

    /// <summary>Where the source of this version is to be had.</summary>
    public const string Source = "https://github.com/penstock-ai/penstock";

    /// <summary>As in <c>Directory.Build.props</c>.</summary>
    public static string Version { get; } =
        typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}
