using System.Net;
using System.Net.Sockets;

namespace Penstock.Bench.Gateways;

internal static class FreePort
{
    /// <summary>A port that nobody listens on at this moment. For programs that cannot choose one and say which.</summary>
    public static int Find()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
