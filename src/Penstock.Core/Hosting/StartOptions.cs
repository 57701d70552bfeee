using System.Collections.Immutable;

namespace Penstock.Hosting;

/// <summary>How to start, from the command line and the environment; <c>penstock.json</c> fills what they leave open.</summary>
public sealed record StartOptions
{
    /// <summary>Addresses to listen on; empty: the file's, else the default.</summary>
    public ImmutableArray<string> Addresses { get; init; } = [];

    /// <summary>The settings file. It need not exist unless it was asked for.</summary>
    public required string ConfigFile { get; init; }

    /// <summary>Whether the user named the file: then it is an error when it is missing.</summary>
    public bool ConfigFileIsRequired { get; init; }
}
