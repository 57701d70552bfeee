using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Penstock.Snapshot;

namespace Penstock.Hosting;

/// <summary>The command line of the programs, and the environment variables behind it.</summary>
public static class CommandLine
{
    /// <summary>Exit code for an option that does not exist or has a value that it cannot have.</summary>
    internal const int WrongUsage = 2;

    private const string StandardFile = "penstock.json";

    /// <returns>
    /// Null when the server should start; else the exit code, after <c>--help</c>, <c>--version</c>, <c>--validate</c> or
    /// a fault.
    /// </returns>
    public static int? Read(string[] args, out StartOptions options) =>
        Read(args, Environment.GetEnvironmentVariable, Console.Out, Console.Error, out options);

    /// <param name="environment">Gives a variable's value or null.</param>
    internal static int? Read(string[] args, Func<string, string?> environment, TextWriter output, TextWriter error, out StartOptions options)
    {
        var port = new Option<string>("--port", "-p") { Description = $"Listen on this port of localhost (default {ListenAddresses.DefaultPort}; 0: a free one)", HelpName = "N" };
        var urls = new Option<string>("--urls") { Description = "Listen on these addresses, such as http://*:8787", HelpName = "URL[;URL]" };
        var config = new Option<string>("--config", "-c") { Description = $"Settings file (default: {StandardFile} in the working directory, if it is there)", HelpName = "FILE" };
        var validate = new Option<bool>("--validate") { Description = "Check the settings file, print each fault with line and column, and exit" };
        var root = new RootCommand("Penstock, an AI gateway: one process between your applications and LLM providers.") { port, urls, config, validate };
        root.Directives.Clear();
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        options = new StartOptions { ConfigFile = Path.GetFullPath(StandardFile) };

        if (parsed.GetResult(root.Options.OfType<HelpOption>().Single()) is not null)
        {
            parsed.Invoke(new InvocationConfiguration { Output = output, Error = error });
            output.WriteLine(HelpText.Tail(root.Name));
            return 0;
        }

        // The parser takes a first word in brackets for a directive of its own, and passes over it in silence.
        List<string> faults = [.. parsed.Errors.Select(fault => fault.Message).Distinct()];
        faults.AddRange(parsed.Tokens.Where(token => token.Type == TokenType.Directive).Select(token => $"Unrecognized argument '{token.Value}'."));
        if (faults.Count > 0) return Refuse(error, root.Name, faults);
        if (parsed.GetResult(root.Options.OfType<VersionOption>().Single()) is not null)
        {
            output.WriteLine($"{Product.Name} {Product.Version}\nLicense: {Product.License}\nSource:  {Product.Source}");
            return 0;
        }

        var file = parsed.GetValue(config) ?? NotEmpty(environment("PENSTOCK_CONFIG"));
        if (file is { Length: 0 }) return Refuse(error, root.Name, ["--config needs the name of a file."]);
        if (file is not null) options = options with { ConfigFile = Path.GetFullPath(file), ConfigFileIsRequired = true };

        if (ReadAddresses(parsed.GetValue(port), parsed.GetValue(urls), environment, out var addresses) is { } wrong) return Refuse(error, root.Name, [wrong]);
        options = options with { Addresses = addresses };
        return parsed.GetValue(validate) ? Validation.Run(options, environment, output) : null;
    }

    /// <summary>The command line goes before the environment, and in each the full addresses before the bare port.</summary>
    /// <returns>Null, or what is wrong.</returns>
    private static string? ReadAddresses(string? port, string? urls, Func<string, string?> environment, out ImmutableArray<string> addresses)
    {
        addresses = [];
        if (port is not null && urls is not null) return "--port and --urls exclude each other: write the port into the URL.";
        if (port is not null) return ReadPort(port, "--port", out addresses);
        if (urls is not null) return ReadUrls(urls, "--urls", out addresses);
        if (NotEmpty(environment("ASPNETCORE_URLS")) is { } variable) return ReadUrls(variable, "ASPNETCORE_URLS", out addresses);
        return NotEmpty(environment("PORT")) is { } number ? ReadPort(number, "PORT", out addresses) : null;
    }

    private static string? ReadPort(string text, string source, out ImmutableArray<string> addresses)
    {
        addresses = [];
        if (!ListenAddresses.IsPort(text, out var port)) return $"{source} must be a number from 0 to 65535, not '{text}'.";
        addresses = [ListenAddresses.OnPort(port)];
        return null;
    }

    private static string? ReadUrls(string text, string source, out ImmutableArray<string> addresses)
    {
        addresses = [];
        var all = ImmutableArray.CreateBuilder<string>();
        foreach (var url in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (ListenAddresses.Read(url, out var fault) is not { } address) return $"{source}: {fault}";
            all.Add(address);
        }

        if (all.Count == 0) return $"{source} names no address: write one such as http://localhost:8787.";
        addresses = all.ToImmutable();
        return null;
    }

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static int Refuse(TextWriter error, string program, IEnumerable<string> faults)
    {
        foreach (var fault in faults) error.WriteLine(fault);
        error.WriteLine($"'{program} --help' lists the options.");
        return WrongUsage;
    }
}
