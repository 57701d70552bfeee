using Penstock.Json;
using Penstock.Providers;

namespace Penstock.Core.Tests.Providers;

/// <summary>Reads rows of the user's for tests.</summary>
internal static class Rows
{
    public static ProviderRow Read(string id, string json)
    {
        var faults = new JsonFaults();
        var row = ProviderRowReader.Read(id, JsonText.Parse(json).Root, faults, $"providers,{id}", isCustom: true);
        Assert.Empty(faults.All);
        return row!;
    }

    /// <summary>Path and message of every fault, one a line.</summary>
    public static string[] Faults(string id, string json, bool isCustom = true)
    {
        var faults = new JsonFaults();
        Assert.Null(ProviderRowReader.Read(id, JsonText.Parse(json).Root, faults, $"providers,{id}", isCustom));
        return [.. faults.All.Select(fault => $"{fault.Path}: {fault.Message}")];
    }
}
