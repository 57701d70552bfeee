using System.Net;

namespace Penstock.Transport;

public static class AddressRules
{
    public static bool IsPublic(IPAddress address) => !IPAddress.IsLoopback(address);

    public static bool IsMetadata(IPAddress address) => address.ToString() == "169.254.169.254";
}
