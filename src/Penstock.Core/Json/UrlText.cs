namespace Penstock.Json;

/// <summary>A URL that is quoted in a message: a password before its host or a key in its query must not be.</summary>
internal static class UrlText
{
    /// <returns>Scheme, host, port and path, as far as they can be told apart.</returns>
    public static string WithoutSecrets(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var start = scheme < 0 ? 0 : scheme + 3;
        var rest = url.AsSpan(start);
        var end = rest.IndexOfAny('?', '#');
        if (end >= 0) rest = rest[..end];
        var at = rest.LastIndexOf('@');
        return at < 0 ? ShortText.Of(string.Concat(url.AsSpan(0, start), rest)) : ShortText.Of(string.Concat(url.AsSpan(0, start), "…@", rest[(at + 1)..]));
    }
}
