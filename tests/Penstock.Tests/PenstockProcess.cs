using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Penstock.Tests;

/// <summary>The real executable in a process and a working directory of its own.</summary>
internal sealed partial class PenstockProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Scratch _folder;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PenstockProcess(Process process, Scratch folder)
    {
        _process = process;
        _folder = folder;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
    }

    /// <summary>All that it has written so far.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Without a path behind it.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Runs to the end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(Scratch folder, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        await using var program = Start(folder, arguments, environment);
        return (await program.ExitAsync(), program.Output);
    }

    /// <summary>Runs until it says where it listens.</summary>
    public static async Task<PenstockProcess> ServeAsync(Scratch folder, IEnumerable<string>? arguments = null, params (string Name, string Value)[] environment)
    {
        var program = Start(folder, arguments ?? ["--port", "0"], environment);
        try
        {
            program.Address = new Uri(await program._address.Task.WaitAsync(Patience.Token));
            program.Client.BaseAddress = program.Address;
            return program;
        }
        catch
        {
            await program.DisposeAsync();
            throw;
        }
    }

    /// <returns>Status and body.</returns>
    public async Task<string> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path, Patience.Token);
        var body = await response.Content.ReadAsStringAsync(Patience.Token);
        return string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {body}");
    }

    /// <summary>Asks again and again: another process is the one place where nothing tells us that it has changed.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var patience = Patience.Token;
        while (!await holds()) await Task.Delay(TimeSpan.FromMilliseconds(50), patience);
    }

    /// <param name="signal">TERM or INT.</param>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Patience.Token);
    }

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(Patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private static PenstockProcess Start(Scratch folder, IEnumerable<string> arguments, (string Name, string Value)[] environment)
    {
        // artifacts/bin/PROJECT/CONFIGURATION: the program was built in the same configuration as this test.
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(own.Parent!.Parent!.FullName, "Penstock", own.Name, "penstock.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (OfTheMachine().IsMatch((string)variable.Key)) start.Environment.Remove((string)variable.Key);
        }

        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = new PenstockProcess(new Process { StartInfo = start }, folder);
        process._process.Start();
        process._process.BeginOutputReadLine();
        process._process.BeginErrorReadLine();
        return process;
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            _address.TrySetException(new InvalidOperationException($"It ended and never listened (in {_folder.Path}):\n{Output}"));
            return;
        }

        lock (_output) _output.Append(line).Append('\n');
        if (BaseUrl().Match(line) is { Success: true } match) _address.TrySetResult(match.Groups[1].Value);
    }

    [GeneratedRegex(@"Base URL +(http://[^ ]+)/v1")]
    private static partial Regex BaseUrl();

    /// <summary>What this machine's own environment must not bring into a test.</summary>
    [GeneratedRegex("^(PORT|ASPNETCORE_.*|PENSTOCK_.*|.*_API_KEY)$")]
    private static partial Regex OfTheMachine();
}
