using System.Globalization;
using System.Runtime.InteropServices;

namespace Penstock.Simulator;

/// <summary>Runs a simulator as a process, until it is asked to stop.</summary>
public static class SimulatorHost
{
    public const string Usage =
        "penstock-simulator [--port N] [--key KEY | --no-key] [--profile NAME] [--canned] [--any-host]";

    /// <summary>
    /// Starts, prints the base URL as one line, and serves until the token is cancelled, SIGINT or SIGTERM comes.
    /// Requests are not recorded: nobody could look at them.
    /// </summary>
    /// <returns>The exit code: 0, or 2 for wrong arguments.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancellationToken)
    {
        SimulatorOptions options;
        try
        {
            options = Parse(args);
        }
        catch (ArgumentException exception)
        {
            await output.WriteLineAsync($"{exception.Message}\nusage: {Usage}".AsMemory(), cancellationToken);
            return 2;
        }

        await using var provider = await ProviderSimulator.StartAsync(options, cancellationToken);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await output.WriteLineAsync(provider.BaseUrl.AsMemory(), cancellationToken);
        await output.FlushAsync(cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }
    }

    public static Task<int> RunAsync(string[] args, CancellationToken cancellationToken = default) => RunAsync(args, Console.Out, cancellationToken);

    /// <exception cref="ArgumentException">An argument is unknown or its value is wrong.</exception>
    internal static SimulatorOptions Parse(string[] args)
    {
        var options = new SimulatorOptions { RecordRequests = false };
        for (var index = 0; index < args.Length; index++)
        {
            options = args[index] switch
            {
                "--port" => options with { Port = Port(Value(args, ref index)) },
                "--key" => options with { ApiKey = Value(args, ref index) },
                "--no-key" => options with { ApiKey = null },
                "--profile" => options with { Profile = ProviderProfile.Find(Value(args, ref index)) },
                "--canned" => options with { Canned = CannedAnswers.Standard },
                "--any-host" => options with { AcceptsAnyHost = true },
                var unknown => throw new ArgumentException($"Unknown argument '{unknown}'."),
            };
        }

        return options;
    }

    private static string Value(string[] args, ref int index) =>
        ++index < args.Length ? args[index] : throw new ArgumentException($"The argument '{args[index - 1]}' needs a value.");

    private static int Port(string text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : throw new ArgumentException($"'{text}' is not a port: give a number from 0 to 65535.");
}
