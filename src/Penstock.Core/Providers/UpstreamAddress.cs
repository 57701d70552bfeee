namespace Penstock.Providers;

internal static class UpstreamAddress
{
    public static bool TryBuild(ProviderRow row, Operation op, string rawTarget, IReadOnlyDictionary<string, string> options, string? model, string? customHost, out string address, out string fault)
    {
        fault = "";
        address = (customHost ?? row.BaseUrl!).TrimEnd('/') + rawTarget["/v1".Length..];
        return true;
    }
}
