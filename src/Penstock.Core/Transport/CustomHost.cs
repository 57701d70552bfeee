using System.Buffers;
using System.Net;

namespace Penstock.Transport;

/// <summary>
/// The host of a URL that a caller gave, read so strictly that no two readers can take it for different hosts.
/// </summary>
/// <param name="Origin">Scheme, host and port as given, for messages: the rest may hold a secret.</param>
/// <param name="Name">In lower case; of a literal address its usual spelling, without brackets.</param>
/// <param name="Address">Set when the host is a literal address, however it was spelled; never IPv4 dressed up as IPv6.</param>
/// <param name="HasMore">Whether a path or query follows.</param>
internal sealed record CustomHost(string Origin, string Name, IPAddress? Address, int Port, bool HasMore)
{
    private const int MaxLength = 2048;
    private const int MaxNameLength = 253;
    private const int MaxLabels = 10;

    /// <summary>What RFC 3986 allows, without '#': everything behind it would be lost.</summary>
    private static readonly SearchValues<char> UrlCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?[]@!$&'()*+,;=%");

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");

    /// <returns>Null, or what is wrong with the text: a clause whose subject is the URL.</returns>
    public static string? Parse(string url, out CustomHost? host)
    {
        host = null;
        if (url.Length == 0) return "is empty.";
        if (url.Length > MaxLength) return "is longer than 2048 characters.";
        if (url.AsSpan().ContainsAnyExcept(UrlCharacters)) return "holds a character that no base URL may hold: a space, '#', '\\', a control character or one beyond ASCII.";
        if (url.Contains("api.portkey", StringComparison.OrdinalIgnoreCase)) return "leads to another gateway; name the provider's own host.";

        var start = url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8 : 7;
        if (start == 7 && !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) return "does not begin with http:// or https://.";
        if (url.Contains('@', StringComparison.Ordinal)) return "holds an '@'. Send credentials as headers, not in the URL.";

        var length = url.AsSpan(start).IndexOfAny('/', '?');
        var end = length < 0 ? url.Length : start + length;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)) return "is not a valid URL.";

        // What we read must be what the library reads: it forgives, for instance, text behind a closing bracket.
        var name = WithoutPort(url.AsSpan(start, end - start)).ToString().ToLowerInvariant();
        var port = uri.Port;
        if (port is < 1 or > 65535) return "has the port 0.";
        var origin = url[..end];
        if (name.StartsWith('['))
        {
            if (name[^1] != ']' || name.Contains('%', StringComparison.Ordinal) || !IPAddress.TryParse(name, out var literal)) return "does not hold a valid IPv6 address.";
            host = Of(literal);
            return null;
        }

        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(NameCharacters)) return "has a host name with characters other than letters, digits, '-' and '.'.";
        if (name[^1] == '.') return "has a host name that ends in a dot.";
        if (name.Length > MaxNameLength || name.AsSpan().Count('.') >= MaxLabels) return "has a host name that is too long: 10 parts and 253 characters at most.";
        if (uri.HostNameType == UriHostNameType.IPv4 && IPAddress.TryParse(uri.IdnHost, out var address))
        {
            host = Of(address);
            return null;
        }

        if (EndsInNumber(name)) return "does not hold a valid IPv4 address.";
        if (uri.HostNameType != UriHostNameType.Dns || uri.IdnHost != name) return "does not hold a valid host name.";
        host = new CustomHost(origin, name, null, port, end < url.Length);
        return null;

        CustomHost Of(IPAddress ip)
        {
            var plain = Plain(ip);
            return new CustomHost(origin, plain.ToString(), plain, port, end < url.Length);
        }
    }

    /// <summary>An IPv4 address in IPv6 dress counts as what it is.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> authority)
    {
        var colon = authority.LastIndexOf(':');
        return colon < 0 || authority.EndsWith("]") ? authority : authority[..colon];
    }

    /// <summary>No top-level domain is a number; what ends in one is meant as an address, and some resolvers take it for one.</summary>
    private static bool EndsInNumber(ReadOnlySpan<char> name)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        return last.StartsWith("0x") || !last.ContainsAnyExceptInRange('0', '9');
    }
}
