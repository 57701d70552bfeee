namespace Penstock.Snapshot;

/// <summary>One thing that is wrong with <c>penstock.json</c>.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in bytes.</param>
/// <param name="Path">Keys from the root, joined by commas; empty: the whole document.</param>
/// <param name="Message">What is wrong, without any value of the environment.</param>
internal sealed record FileFault(int Line, int Column, string Path, string Message)
{
    /// <summary>In the form that editors and compilers use, so that a terminal can jump to the place.</summary>
    public string Describe(string file) =>
        Path.Length == 0 ? $"{file}:{Line}:{Column}: {Message}" : $"{file}:{Line}:{Column}: {Path}: {Message}";
}
