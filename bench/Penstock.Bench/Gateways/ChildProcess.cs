using System.Diagnostics;

namespace Penstock.Bench.Gateways;

/// <summary>A process that is measured, or that others are measured with. It ends, and its folder goes, on disposal.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int ShownOutputCharacters = 600;

    /// <summary>Settings of the driver itself, which its children must not inherit.</summary>
    private static readonly string[] OwnSettings =
    [
        "DOTNET_gcServer",
        "DOTNET_ThreadPool_UnfairSemaphoreSpinLimit",
        "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS",
        "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT",
    ];

    private readonly Process _process;
    private readonly string _folder;

    private ChildProcess(Process process, string folder)
    {
        _process = process;
        _folder = folder;
    }

    public bool HasExited => _process.HasExited;

    /// <summary>User and system time of all threads so far.</summary>
    public long CpuNanoseconds => Libc.CpuNanoseconds(_process.Id);

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The end of what it printed.</summary>
    public string LastOutput
    {
        get
        {
            var text = File.ReadAllText(Path.Combine(_folder, "output.txt"));
            return text[Math.Max(0, text.Length - ShownOutputCharacters)..].Trim();
        }
    }

    /// <param name="command">Makes the command, given the folder that the process has to itself.</param>
    public static ChildProcess Start(Func<string, LaunchCommand> command)
    {
        var folder = Directory.CreateTempSubdirectory("penstock-bench-").FullName;
        var made = command(folder);

        // The shell is there for the redirection. It replaces itself by the program, so its process id is the program's.
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = folder };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$@\" > output.txt 2>&1 < /dev/null");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(made.File);
        foreach (var argument in made.Arguments) start.ArgumentList.Add(argument);
        foreach (var name in OwnSettings) start.Environment.Remove(name);
        foreach (var (name, value) in made.Environment) start.Environment[name] = value;
        return new ChildProcess(Process.Start(start) ?? throw new InvalidOperationException($"'{made.File}' does not start."), folder);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
