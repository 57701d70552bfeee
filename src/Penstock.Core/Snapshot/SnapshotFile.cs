using System.Security.Cryptography;

namespace Penstock.Snapshot;

/// <summary>The settings file as it lies on the disk.</summary>
/// <param name="path">Absolute, so that a later change of the working directory does not matter.</param>
internal sealed class SnapshotFile(string path)
{
    public string Path { get; } = path;

    /// <summary>Never throws: what stands in the way of reading is part of the answer.</summary>
    public FileLook Look()
    {
        try
        {
            var content = File.ReadAllBytes(Path);
            return new FileLook(Convert.ToHexString(SHA256.HashData(content)), content, null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new FileLook("missing", null, "The file does not exist.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return new FileLook(e.Message, null, $"The file cannot be read: {e.Message}");
        }
    }
}

/// <param name="State">Differs when the content, or the reason for which there is none, differs.</param>
/// <param name="Content">Null when there is none to be had.</param>
/// <param name="Problem">Then: why.</param>
internal sealed record FileLook(string State, byte[]? Content, string? Problem)
{
    public bool IsMissing => State == "missing";
}
