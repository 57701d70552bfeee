using System.Buffers;

namespace Penstock.Auth;

/// <summary>
/// Every header value that comes from JSON, data or the environment passes here before it goes to a provider:
/// the client library writes a line break in a value to the wire as it is.
/// </summary>
internal static class HeaderGate
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Where(c => c != '\t').Select(c => (char)c), (char)127]);

    private static readonly SearchValues<char> NameLetters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static bool IsSafe(string value) => !value.AsSpan().ContainsAny(Forbidden);

    /// <summary>Whether this can be the name of a header: a token of RFC 9110, section 5.6.2.</summary>
    public static bool IsName(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(NameLetters);
}
