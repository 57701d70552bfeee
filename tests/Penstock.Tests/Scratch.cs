using System.Diagnostics;
using System.Globalization;

namespace Penstock.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("penstock-test-").FullName;

    public string Settings => System.IO.Path.Combine(Path, "penstock.json");

    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>As careful programs write: a new file takes the old one's place in one step.</summary>
    public void Replace(string text) => File.Move(Write("penstock.json.new", text), Settings, overwrite: true);

    /// <summary>As Kubernetes mounts: the file is a link to a link to a folder, and the middle link is swapped.</summary>
    public void SwapMount(string text, int version)
    {
        var data = System.IO.Path.Combine(Path, "..data");
        var folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, "..v" + version.ToString(CultureInfo.InvariantCulture))).FullName;
        File.WriteAllText(System.IO.Path.Combine(folder, "penstock.json"), text);
        File.CreateSymbolicLink(data + ".new", folder);
        using (var rename = Process.Start("mv", ["-T", data + ".new", data])) rename.WaitForExit(); // no call of .NET replaces a link
        if (version == 1) File.CreateSymbolicLink(Settings, System.IO.Path.Combine("..data", "penstock.json"));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
