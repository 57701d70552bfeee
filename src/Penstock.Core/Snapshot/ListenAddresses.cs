using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Penstock.Json;

namespace Penstock.Snapshot;

/// <summary>Reads the addresses to listen on.</summary>
internal static class ListenAddresses
{
    public const int DefaultPort = 8787;

    /// <summary>Loopback, IPv4 and IPv6 where there is one: safe until told otherwise.</summary>
    public static ImmutableArray<string> Default { get; } = [OnPort(DefaultPort)];

    /// <summary>Loopback on that port; 0 takes a free one.</summary>
    /// <remarks>For port 0 only IPv4: the server cannot take one free port on two addresses.</remarks>
    public static string OnPort(int port) =>
        string.Create(CultureInfo.InvariantCulture, $"http://{(port == 0 ? "127.0.0.1" : "localhost")}:{port}");

    public static bool IsPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort;

    /// <summary>
    /// An address in the form in which the server takes it. The server would listen everywhere for a host name that it
    /// does not know, so only addresses and <c>*</c> are let through.
    /// </summary>
    /// <returns>Null when <paramref name="fault"/> says what is wrong.</returns>
    public static string? Read(string text, out string fault)
    {
        fault = "";
        var url = text.Trim().TrimEnd('/');
        if (url.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return Fail($"Cannot listen on '{UrlText.WithoutSecrets(text)}': Penstock serves plain HTTP. Put a proxy that ends TLS in front of it, or write http://.", out fault);
        }

        const string scheme = "http://";
        if (!url.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return Fail(Expected(text), out fault);
        var authority = url[scheme.Length..];
        var colon = authority.LastIndexOf(':');
        var hasPort = colon > authority.LastIndexOf(']');
        var host = hasPort ? authority[..colon] : authority;
        var port = DefaultPort;
        if (hasPort && !IsPort(authority[(colon + 1)..], out port)) return Fail(Expected(text), out fault);
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return OnPort(port);
        if (host is not ("*" or "+") && !IsAddress(host)) return Fail(Expected(text), out fault);
        return string.Create(CultureInfo.InvariantCulture, $"{scheme}{host}:{port}");
    }

    private static bool IsAddress(string host) =>
        host.StartsWith('[')
            ? host.EndsWith(']') && IPAddress.TryParse(host, out _)
            : !host.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(host, out _);

    private static string Expected(string text) =>
        $"Cannot listen on '{UrlText.WithoutSecrets(text)}': write http://HOST:PORT, where HOST is localhost, an IP address, or * for every address of this machine.";

    private static string? Fail(string message, out string fault)
    {
        fault = message;
        return null;
    }
}
