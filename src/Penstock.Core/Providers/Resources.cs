namespace Penstock.Providers;

/// <summary>The data files inside the assembly.</summary>
internal static class Resources
{
    public static byte[] Read(string name)
    {
        using var stream = typeof(Resources).Assembly.GetManifestResourceStream(name) ?? throw new InvalidDataException($"The assembly lacks '{name}'.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
