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
                case AuthenticationException: return "the TLS handshake failed.";
                case SocketException socket: return Describe(socket.SocketErrorCode);
                case HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded }: return "the connection was closed before the answer was complete.";
                case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse }: return "the answer was not valid HTTP.";
                case HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }: return "the answer's headers are too large.";
            }
        }

        return "the connection failed.";
    }

    /// <summary>Whether a kept-alive connection died under the request, so that the same request may go out once more.</summary>
    public static bool IsDeadConnection(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException!)
        {
            if (e is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown }) return true;
            if (e is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded }) return true;
            if (e is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }) return true;
        }

        return false;
    }

    private static string Describe(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "the connection was refused.",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "its host name is not known.",
        SocketError.ConnectionReset or SocketError.ConnectionAborted => "the connection was reset.",
        SocketError.TimedOut => "the connection timed out.",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => "its network is unreachable.",
        _ => "the connection failed.",
    };
}
