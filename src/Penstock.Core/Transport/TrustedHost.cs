using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Penstock.Transport;

/// <summary>
/// One entry of the operator's list of trusted hosts: a host, <c>*.domain</c> for all hosts below it, an address, any of
/// these with <c>:port</c>, or a URL, of which scheme and path do not count.
/// </summary>
internal sealed class TrustedHost
{
    private readonly string _name;
    private readonly IPAddress? _address;
    private readonly bool _isSuffix;
    private readonly int? _port;

    private TrustedHost(string name, IPAddress? address, bool isSuffix, int? port)
    {
        _name = name;
        _address = address;
        _isSuffix = isSuffix;
        _port = port;
    }

    /// <returns>False when the entry has none of the forms; it then trusts nothing.</returns>
    public static bool TryParse(string entry, [NotNullWhen(true)] out TrustedHost? host)
    {
        host = null;
        var text = entry.Trim();
        if (text.Contains("://", StringComparison.Ordinal))
        {
            if (CustomHost.Parse(text, out var url) is not null) return false;
            host = new TrustedHost(url!.Name, url.Address, isSuffix: false, url.Port);
            return true;
        }

        int? port = null;
        var colon = text.LastIndexOf(':');
        var isBareIPv6 = colon > 0 && text[0] != '[' && text.IndexOf(':', StringComparison.Ordinal) != colon;
        if (colon > 0 && !isBareIPv6 && text[^1] != ']')
        {
            if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0) return false;
            port = number;
            text = text[..colon];
        }

        var isSuffix = text.StartsWith("*.", StringComparison.Ordinal);
        if (isSuffix) text = text[2..];
        if (isBareIPv6) text = '[' + text + ']';
        if (CustomHost.Parse("http://" + text, out var parsed) is not null || parsed!.HasMore || (isSuffix && parsed.Address is not null)) return false;
        host = new TrustedHost(parsed.Name, parsed.Address, isSuffix, port);
        return true;
    }

    /// <param name="name">In lower case.</param>
    /// <param name="address">Set when the name is a literal address.</param>
    public bool Covers(string name, IPAddress? address, int port)
    {
        if (_port is not null && _port != port) return false;
        if (_address is not null) return _address.Equals(address);
        if (address is not null) return false;
        return name == _name
            ? !_isSuffix
            : (_isSuffix || _name == "localhost") && name.Length > _name.Length && name[^(_name.Length + 1)] == '.' && name.EndsWith(_name, StringComparison.Ordinal);
    }
}
