using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Penstock.Snapshot;

namespace Penstock.Tests.Snapshot;

/// <summary>Following the settings file, in virtual time.</summary>
public sealed class SnapshotReloadTests : IDisposable
{
    private const string Small = """{ "limits": { "json_bytes": 1 } }""";
    private const string Large = """{ "limits": { "json_bytes": 2 } }""";
    private const string Broken = "{\n  \"limits\": { \"json_bytes\": 0 },\n  \"listn\": 1\n}";

    private readonly string _folder = Directory.CreateTempSubdirectory("penstock-test-").FullName;
    private readonly ManualTime _time = new();
    private readonly Lines _log = new();

    private string Settings => Path.Combine(_folder, "penstock.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_new_content_comes_into_force_at_the_next_look()
    {
        using var reload = await StartAsync(Small, out var snapshots);
        File.WriteAllText(Settings, Large);
        await LookAsync("info: Took over the new " + Settings + ".");
        Assert.Equal(2, snapshots.Current.Settings.Limits.JsonBytes);
        await reload.StopAsync(Patience.Token);
    }

    [Fact]
    public void An_equal_content_is_no_change_however_new_the_file_is()
    {
        using var reload = Create(Small, out var snapshots);
        var before = snapshots.Current;
        File.Delete(Settings);
        File.WriteAllText(Settings, Small);
        reload.Check();
        Assert.Same(before, snapshots.Current);
        Assert.Empty(_log.All);
    }

    [Fact]
    public void A_broken_content_is_told_once_with_all_its_faults_and_changes_nothing()
    {
        using var reload = Create(Small, out var snapshots);
        var before = snapshots.Current;
        File.WriteAllText(Settings, Broken);
        for (var look = 0; look < 3; look++) reload.Check();
        Assert.Same(before, snapshots.Current);
        Assert.Equal(
            [
                $"error: {Settings} has changed and has 2 faults. What was in force stays in force.",
                $"error: {Settings}:2:29: limits,json_bytes: A whole number from 1 to 1073741824 was expected here.",
                $"error: {Settings}:3:12: listn: Unknown member 'listn'. Did you mean 'listen'?",
            ],
            _log.All);

        File.WriteAllText(Settings, Large);
        reload.Check();
        Assert.Equal(2, snapshots.Current.Settings.Limits.JsonBytes);
    }

    [Fact]
    public void A_file_that_is_gone_is_told_once_and_changes_nothing()
    {
        using var reload = Create(Small, out var snapshots);
        var before = snapshots.Current;
        File.Delete(Settings);
        for (var look = 0; look < 3; look++) reload.Check();
        Assert.Same(before, snapshots.Current);
        Assert.Equal([$"warn: {Settings}: The file does not exist. What was in force stays in force."], _log.All);
    }

    [Fact]
    public void What_cannot_change_while_it_runs_is_told()
    {
        using var reload = Create(Small, out _);
        File.WriteAllText(Settings, """{ "listen": "http://localhost:1", "shutdown_grace_ms": 1 }""");
        reload.Check();
        Assert.Contains("warn: 'listen' has changed. It is read at start only: restart to apply it.", _log.All);
        Assert.Contains("warn: 'shutdown_grace_ms' has changed. It is read at start only: restart to apply it.", _log.All);
    }

    private async Task LookAsync(string line)
    {
        await _time.ArmedAsync(due => due == SnapshotReload.Interval).WaitAsync(Patience.Token);
        _time.Advance(SnapshotReload.Interval);
        await _log.WrittenAsync(line);
    }

    private Task<SnapshotReload> StartAsync(string text, out SnapshotSource snapshots)
    {
        var reload = Create(text, out snapshots);
        return StartedAsync();

        async Task<SnapshotReload> StartedAsync()
        {
            await reload.StartAsync(Patience.Token);
            return reload;
        }
    }

    private SnapshotReload Create(string text, out SnapshotSource snapshots)
    {
        File.WriteAllText(Settings, text);
        var file = new SnapshotFile(Settings);
        snapshots = new SnapshotSource(Files.Read(text));
        return new SnapshotReload(file, file.Look().State, snapshots, _ => null, _time, _log);
    }

    /// <summary>What was logged, and a way to wait for it.</summary>
    private sealed class Lines : ILogger<SnapshotReload>
    {
        private readonly ConcurrentQueue<string> _lines = new();
        private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new();

        public IReadOnlyList<string> All => [.. _lines];

        public Task WrittenAsync(string line) => Awaited(line).Task.WaitAsync(Patience.Token);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var level = logLevel switch { LogLevel.Information => "info", LogLevel.Warning => "warn", _ => "error" };
            var line = $"{level}: {formatter(state, exception)}";
            _lines.Enqueue(line);
            Awaited(line).TrySetResult();
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        private TaskCompletionSource Awaited(string line) =>
            _awaited.GetOrAdd(line, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }
}
