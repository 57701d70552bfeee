using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Penstock.Hosting;

/// <summary>
/// Lets the thread that hears of a socket's bytes go on with what waits for them, instead of handing it to the pool: a
/// third of the CPU of a busy stream goes into such hand-overs. Nothing on the request path blocks a thread.
/// </summary>
/// <remarks>
/// The framework knows this as an environment variable alone and reads it with the first socket. The user's own value
/// stays: 0 switches it off.
/// </remarks>
internal static class SocketTuning
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    public static void Apply()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null) Environment.SetEnvironmentVariable(Variable, "1");
    }

    /// <summary>The web server's own hand-overs go the same way.</summary>
    public static void Apply(SocketTransportOptions transport) => transport.UnsafePreferInlineScheduling = Environment.GetEnvironmentVariable(Variable) == "1";
}
