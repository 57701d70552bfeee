using System.Collections.Immutable;
using System.Text;
using Penstock.Snapshot;

namespace Penstock.Tests.World;

/// <summary>Reads settings files that tests write.</summary>
internal static class Files
{
    public static GatewaySnapshot? Read(string text, out ImmutableArray<FileFault> faults, params (string Name, string Value)[] environment) =>
        SnapshotReader.Read(Encoding.UTF8.GetBytes(text), name => environment.FirstOrDefault(variable => variable.Name == name).Value, out faults);

    /// <summary>A file that must be good.</summary>
    public static GatewaySnapshot Read(string text, params (string Name, string Value)[] environment)
    {
        var snapshot = Read(text, out var faults, environment);
        Assert.Empty(faults.Select(fault => fault.Describe("penstock.json")));
        return snapshot!;
    }

    /// <summary>A file that must be refused; its faults as <c>line:column path: message</c>.</summary>
    public static string[] Faults(string text, params (string Name, string Value)[] environment)
    {
        Assert.Null(Read(text, out var faults, environment));
        return [.. faults.Select(fault => $"{fault.Line}:{fault.Column} {fault.Path}: {fault.Message}")];
    }
}
