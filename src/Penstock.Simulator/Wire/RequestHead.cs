using System.Buffers;
using System.Text;

namespace Penstock.Simulator.Wire;

/// <summary>Request line and headers, parsed without lenience: what a proxy must not send is an error here.</summary>
internal sealed record RequestHead(string Method, string RawTarget, bool IsHttp10, ReceivedHeaders Headers)
{
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Bytes of the body; null when there is none or it is chunked.</summary>
    public long? ContentLength { get; private init; }

    public bool IsChunked { get; private init; }

    public bool ExpectsContinue => string.Equals(Headers["Expect"], "100-continue", StringComparison.OrdinalIgnoreCase);

    public bool WantsClose => IsHttp10
        ? !string.Equals(Headers["Connection"], "keep-alive", StringComparison.OrdinalIgnoreCase)
        : string.Equals(Headers["Connection"], "close", StringComparison.OrdinalIgnoreCase);

    /// <param name="head">All up to the empty line, which is not part of it.</param>
    /// <exception cref="WireException">It breaks RFC 9112.</exception>
    public static RequestHead Parse(ReadOnlySpan<byte> head)
    {
        var lines = Encoding.Latin1.GetString(head).Split("\r\n");
        var first = lines[0].Split(' ');
        if (first.Length != 3 || !IsToken(first[0]) || first[1].Length == 0) throw new WireException(400, $"Bad request line '{lines[0]}'.");
        if (first[2] is not ("HTTP/1.1" or "HTTP/1.0")) throw new WireException(505, $"HTTP version '{first[2]}' is not spoken here.");

        var headers = new List<KeyValuePair<string, string>>(lines.Length);
        foreach (var line in lines.AsSpan(1)) headers.Add(ParseHeader(line));
        return WithFraming(new RequestHead(first[0], first[1], first[2] == "HTTP/1.0", new ReceivedHeaders(headers)));
    }

    private static KeyValuePair<string, string> ParseHeader(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !IsToken(line.AsSpan(0, colon))) throw new WireException(400, $"Bad header line '{line}'.");
        if (line.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) throw new WireException(400, $"A bare CR, LF or NUL in the header '{line[..colon]}'.");
        return new(line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
    }

    /// <summary>Two statements about the length are how requests are smuggled past a proxy: refused.</summary>
    private static RequestHead WithFraming(RequestHead head)
    {
        var lengths = head.Headers.All("Content-Length");
        var encodings = head.Headers.All("Transfer-Encoding");
        if (head.Headers.All("Host").Count != 1 && !head.IsHttp10) throw new WireException(400, "HTTP/1.1 needs exactly one Host header.");
        if (lengths.Count + encodings.Count > 1) throw new WireException(400, "More than one statement about the length of the body.");
        if (encodings.Count == 1)
        {
            if (!encodings[0].Equals("chunked", StringComparison.OrdinalIgnoreCase)) throw new WireException(501, $"Transfer-Encoding '{encodings[0]}' is not spoken here.");
            return head with { IsChunked = true };
        }

        if (lengths.Count == 0) return head;
        if (!long.TryParse(lengths[0], System.Globalization.NumberStyles.None, null, out var length)) throw new WireException(400, $"Bad Content-Length '{lengths[0]}'.");
        return head with { ContentLength = length };
    }

    private static bool IsToken(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(TokenCharacters);
}
