using System.Net.Sockets;
using System.Security.Authentication;

namespace Penstock.Transport;

/// <summary>Why no answer came, in words for the caller. Addresses and stack traces stay inside.</summary>
internal static class UpstreamFault
{
    /// <returns>A clause that follows "Could not reach X: ".</returns>
    public static string Describe(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException!)
        {
            switch (e)
            {
                case ForbiddenAddressException: return e.Message;
                case AuthenticationException: return "the TLS handshake failed. Check the address, and that this machine trusts its certificate.";
                case SocketException socket: return Describe(socket.SocketErrorCode);
                case TimeoutException: return "the connection timed out.";
                case InvalidDataException: return "the answer's content encoding could not be undone.";
                case ConnectionLostException { InnerException: null }: return "the connection was closed before the answer began.";
                case HttpRequestException { HttpRequestError: var error } when Describe(error) is { } text: return text;
                case HttpIOException { HttpRequestError: var error } when Describe(error) is { } text: return text;
            }
        }

        return "the connection failed.";
    }

    /// <summary>
    /// Whether a kept-alive connection died under the request before anything was answered, so that the same request may
    /// go out once more.
    /// </summary>
    public static bool IsDeadConnection(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException!)
        {
            if (e is ConnectionLostException lost) return lost.WasReused;
        }

        return false;
    }

    private static string? Describe(HttpRequestError error) => error switch
    {
        HttpRequestError.ResponseEnded => "the connection was closed before the answer was complete.",
        HttpRequestError.InvalidResponse => "the answer was not valid HTTP. Check the address, its port and whether it takes https.",
        HttpRequestError.ConfigurationLimitExceeded => "the answer's headers are too large.",
        _ => null,
    };

    private static string Describe(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "the connection was refused. Check the address, and that the provider is running there.",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "its host name is not known. Check the address for typing errors.",
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "the connection was reset.",
        SocketError.TimedOut => "the connection timed out.",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => "its network is unreachable. Check the address, and this machine's network.",
        _ => "the connection failed.",
    };
}
