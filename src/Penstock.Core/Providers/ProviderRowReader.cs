using Penstock.Json;

namespace Penstock.Providers;

/// <summary>Reads a provider row, strictly: an unknown member is a fault.</summary>
public static class ProviderRowReader
{
    /// <returns>The row, or null when it has faults; they are all in <paramref name="faults"/>.</returns>
    public static ProviderRow? Read(string id, JsonPart part, JsonFaults faults, string path, bool isCustom)
    {
        faults.Add(path, "Rows cannot be read yet.", part);
        return null;
    }
}
