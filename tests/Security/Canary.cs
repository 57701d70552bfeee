using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Penstock.Security.Tests;

/// <summary>
/// Secrets that can be recognised wherever they come to light: in what is handed to <see cref="See"/>, in every line that
/// is logged at any level, and in every exception that is thrown, caught or not.
/// </summary>
internal sealed class Canary : ILoggerProvider
{
    /// <summary>In every secret of these tests, and nowhere else. In the form of a key, so that no message quotes it.</summary>
    public const string Mark = "canary4f7a9c2e6b1d8053";

    private readonly ConcurrentQueue<string> _sightings = new();
    private long _lines;

    public Canary() => AppDomain.CurrentDomain.FirstChanceException += OnException;

    public IReadOnlyCollection<string> Sightings => _sightings;

    /// <summary>How much was looked at: none would prove nothing.</summary>
    public long Lines => Interlocked.Read(ref _lines);

    /// <param name="place">Where it is put, to be found again.</param>
    public static string At(string place) => $"sk-{Mark}-{place}";

    public void See(string where, string? text)
    {
        Interlocked.Increment(ref _lines);
        if (text?.Contains(Mark, StringComparison.OrdinalIgnoreCase) == true) _sightings.Enqueue($"{where}: {text}");
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() => AppDomain.CurrentDomain.FirstChanceException -= OnException;

    /// <summary>The framework's JSON reader quotes what is no literal. Nothing of ours shows its text; all else it says is looked at.</summary>
    private void OnException(object? sender, FirstChanceExceptionEventArgs e)
    {
        if (e.Exception is not JsonException) See("exception", e.Exception.ToString());
    }

    private sealed class Logger(Canary canary, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            canary.See("scope", state.ToString());
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            canary.See($"log {category} {logLevel}", IsOff(logLevel) ? "" : $"{formatter(state, exception)} {exception}");

        /// <summary>The framework's own line about every request shows its query. No program of ours lets it through.</summary>
        private bool IsOff(LogLevel level) => category == "Microsoft.AspNetCore.Hosting.Diagnostics" && level < LogLevel.Warning;
    }
}
