using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Penstock.Http;

/// <summary>The id under which one exchange is found again.</summary>
internal static class TraceId
{
    private const int MaxLength = 256;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    /// <returns>The caller's id, else the trace of <c>traceparent</c>, else a new one; never empty.</returns>
    public static string For(IHeaderDictionary headers)
    {
        var given = headers["x-portkey-trace-id"].ToString();
        if (given.Length is > 0 and <= MaxLength && IsPrintable(given)) return given;
        return TraceOf(headers["traceparent"].ToString()) ?? Create();
    }

    /// <summary>In the form of a W3C trace id. Not secret, and so not worth the system call of a <see cref="Guid"/>.</summary>
    private static string Create() => string.Create(32, Random.Shared, static (text, random) =>
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        Convert.TryToHexStringLower(bytes, text, out _);
    });

    /// <summary>What a response header can carry: the server refuses to write anything else.</summary>
    private static bool IsPrintable(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.AsSpan().IsWhiteSpace();

    /// <remarks>Source: W3C Trace Context, section 3.2: version, trace, parent and flags in lower-case hex; a trace of zeros is none.</remarks>
    private static string? TraceOf(string parent)
    {
        if (parent.Length != 55 || parent[2] != '-' || parent[35] != '-' || parent[52] != '-') return null;
        var trace = parent.AsSpan(3, 32);
        return trace.ContainsAnyExcept(LowerHex) || !trace.ContainsAnyExcept('0') ? null : trace.ToString();
    }
}
