using System.Buffers;

namespace Penstock.Providers;

/// <summary>
/// The path and query of a request as the client wrote them: cut up, never decoded, so that what a provider gets is
/// what was sent.
/// </summary>
internal readonly ref struct RequestTarget
{
    private static readonly SearchValues<char> DotsOrEscapes = SearchValues.Create(".%");

    /// <summary>The printable ones of ASCII, without '#': everything behind it might be lost.</summary>
    private static readonly SearchValues<char> Characters =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => c != '#')]);

    public RequestTarget(ReadOnlySpan<char> raw)
    {
        HasForbiddenCharacters = raw.ContainsAnyExcept(Characters);
        raw = WithoutOrigin(raw);
        var question = raw.IndexOf('?');
        Path = question < 0 ? raw : raw[..question];
        Query = question < 0 ? [] : raw[(question + 1)..];
        Rest = WithoutSegment(Path);
    }

    /// <summary>Whether it holds what no URL may: the server lets a tab or a bare carriage return through.</summary>
    public bool HasForbiddenCharacters { get; }

    /// <summary>The whole path.</summary>
    public ReadOnlySpan<char> Path { get; }

    /// <summary>What follows the first segment, which is <c>/v1</c> however it is spelled.</summary>
    public ReadOnlySpan<char> Rest { get; }

    /// <summary>Without its question mark.</summary>
    public ReadOnlySpan<char> Query { get; }

    /// <summary>What follows the collection in a path of a tree: <c>/{id}/content</c> of <c>/v1/files/{id}/content</c>.</summary>
    public ReadOnlySpan<char> Tail => WithoutSegment(Rest);

    /// <summary>What a pass-through path asks of the provider: <c>/v1/proxy/a</c> and <c>/v1/a</c> are both <c>/a</c>.</summary>
    public ReadOnlySpan<char> Passed =>
        Rest.StartsWith("/proxy/", StringComparison.Ordinal) || Rest is "/proxy" ? WithoutSegment(Rest) : Rest;

    /// <summary>
    /// Whether a segment is <c>.</c> or <c>..</c> to anybody on the way: plain or escaped, between slashes, backslashes or
    /// their escapes, or with a parameter behind a semicolon. Such a path can leave the base that the key is meant for.
    /// </summary>
    public static bool HasDotSegments(ReadOnlySpan<char> path)
    {
        if (!path.ContainsAny(DotsOrEscapes)) return false;
        while (path.Length > 0)
        {
            var dots = 0;
            var isDots = true;
            while (path.Length > 0)
            {
                var c = Next(ref path);
                if (c is '/' or '\\') break;
                if (c == ';')
                {
                    SkipParameter(ref path);
                    break;
                }

                isDots &= c == '.';
                dots++;
            }

            if (isDots && dots is 1 or 2) return true;
        }

        return false;
    }

    private static void SkipParameter(ref ReadOnlySpan<char> path)
    {
        while (path.Length > 0 && Next(ref path) is not ('/' or '\\'))
        {
        }
    }

    /// <summary>
    /// One character, an escape of a dot, slash, backslash or semicolon read as what it stands for: also in the forms that
    /// are too long for UTF-8, which some readers forgive.
    /// </summary>
    private static char Next(ref ReadOnlySpan<char> path)
    {
        if (path is ['%', 'c' or 'C', '0' or '1', '%', var third, var fourth, ..])
        {
            var meant = (path[2], third, fourth) switch
            {
                ('0', 'a' or 'A', 'e' or 'E') => '.',
                ('0', 'a' or 'A', 'f' or 'F') => '/',
                ('1', '9', 'c' or 'C') => '\\',
                _ => '\0',
            };
            if (meant != '\0')
            {
                path = path[6..];
                return meant;
            }
        }

        if (path is ['%', var high, var low, ..])
        {
            var meant = (high, low) switch
            {
                ('2', 'e' or 'E') => '.',
                ('2', 'f' or 'F') => '/',
                ('5', 'c' or 'C') => '\\',
                ('3', 'b' or 'B') => ';',
                _ => '\0',
            };
            if (meant != '\0')
            {
                path = path[3..];
                return meant;
            }
        }

        var c = path[0];
        path = path[1..];
        return c;
    }

    /// <summary>A request line may hold a whole URL (RFC 9112, section 3.2.2).</summary>
    private static ReadOnlySpan<char> WithoutOrigin(ReadOnlySpan<char> raw)
    {
        if (raw.StartsWith('/')) return raw;
        var host = raw.IndexOf("://", StringComparison.Ordinal);
        if (host < 0) return [];
        var path = raw[(host + 3)..].IndexOf('/');
        return path < 0 ? [] : raw[(host + 3 + path)..];
    }

    private static ReadOnlySpan<char> WithoutSegment(ReadOnlySpan<char> path)
    {
        if (path.IsEmpty) return path;
        var slash = path[1..].IndexOf('/');
        return slash < 0 ? [] : path[(slash + 1)..];
    }
}
