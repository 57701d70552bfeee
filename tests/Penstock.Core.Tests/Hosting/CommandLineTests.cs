using Penstock.Hosting;

namespace Penstock.Tests.Hosting;

/// <summary>What wins when command line and environment both say something, and what is refused.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("--port 9000", "", "http://localhost:9000")]
    [InlineData("-p 0", "", "http://127.0.0.1:0")]
    [InlineData("--urls http://*:80;http://[::1]:81/", "", "http://*:80;http://[::1]:81")]
    [InlineData("", "PORT=9000", "http://localhost:9000")]
    [InlineData("", "ASPNETCORE_URLS=http://+:8080", "http://+:8080")]
    [InlineData("", "PORT=9000 ASPNETCORE_URLS=http://+:8080", "http://+:8080")]
    [InlineData("--port 1", "PORT=9000 ASPNETCORE_URLS=http://+:8080", "http://localhost:1")]
    [InlineData("", "PORT= ASPNETCORE_URLS=", "")]
    public void The_command_line_goes_before_the_environment(string arguments, string environment, string addresses)
    {
        var (exitCode, _, error, options) = Read(arguments, environment);
        Assert.Null(exitCode);
        Assert.Empty(error);
        Assert.Equal(addresses, string.Join(';', options.Addresses));
    }

    [Theory]
    [InlineData("", "", "penstock.json", false)]
    [InlineData("--config a.json", "", "a.json", true)]
    [InlineData("", "PENSTOCK_CONFIG=b.json", "b.json", true)]
    [InlineData("-c a.json", "PENSTOCK_CONFIG=b.json", "a.json", true)]
    public void The_settings_file_is_the_one_that_was_named(string arguments, string environment, string file, bool isRequired)
    {
        var options = Read(arguments, environment).Options;
        Assert.Equal(Path.GetFullPath(file), options.ConfigFile);
        Assert.Equal(isRequired, options.ConfigFileIsRequired);
    }

    [Theory]
    [InlineData("--prot 1", "", "--prot")]
    [InlineData("serve", "", "serve")]
    [InlineData("[suggest]", "", "suggest")]
    [InlineData("@file", "", "@file")]
    [InlineData("--config", "", "--config")]
    [InlineData("--port 70000", "", "--port must be a number from 0 to 65535, not '70000'.")]
    [InlineData("--port 1 --urls http://*:1", "", "exclude each other")]
    [InlineData("--urls ;", "", "names no address")]
    [InlineData("", "PORT=http", "PORT must be a number")]
    [InlineData("", "ASPNETCORE_URLS=https://*:1", "ASPNETCORE_URLS: Cannot listen on 'https://*:1': Penstock serves plain HTTP.")]
    public void What_cannot_be_is_said_and_ends_with_two(string arguments, string environment, string words)
    {
        var (exitCode, output, error, _) = Read(arguments, environment);
        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.EndsWith("--help' lists the options.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_wins_over_a_wrong_option()
    {
        var (exitCode, output, _, _) = Read("--prot --help", "");
        Assert.Equal(0, exitCode);
        Assert.Contains("Examples:", output, StringComparison.Ordinal);
    }

    private static (int? ExitCode, string Output, string Error, StartOptions Options) Read(string arguments, string environment)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exitCode = CommandLine.Read(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), variables.GetValueOrDefault, output, error, out var options);
        return (exitCode, output.ToString(), error.ToString(), options);
    }
}
