using Microsoft.Extensions.Primitives;

namespace Penstock.Auth;

/// <summary>
/// The header <c>Connection</c>: what it names belongs to one connection, and whoever passes a message on takes it out.
/// </summary>
/// <remarks>Source: RFC 9110, section 7.6.1.</remarks>
internal static class ConnectionHeader
{
    /// <param name="connection">The header's values.</param>
    /// <param name="name">Another header's name.</param>
    public static bool Names(StringValues connection, string name)
    {
        foreach (var value in connection)
        {
            if (Names(value, name)) return true;
        }

        return false;
    }

    public static bool Names(ReadOnlySpan<char> connection, string name)
    {
        foreach (var range in connection.Split(','))
        {
            if (connection[range].Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
