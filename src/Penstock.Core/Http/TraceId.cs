using Microsoft.AspNetCore.Http;
using Penstock.Auth;

namespace Penstock.Http;

/// <summary>The id under which one exchange is found again.</summary>
internal static class TraceId
{
    private const int MaxLength = 256;

    /// <returns>The caller's id, else the trace of <c>traceparent</c>, else a new one; never empty.</returns>
    public static string For(IHeaderDictionary headers)
    {
        var given = headers["x-portkey-trace-id"].ToString();
        if (given.Length is > 0 and <= MaxLength && HeaderGate.IsSafe(given) && IsLatin(given)) return given;
        var parent = headers["traceparent"].ToString();
        return parent.Length == 55 && parent[2] == '-' && IsLatin(parent) ? parent.Substring(3, 32) : Create();
    }

    /// <summary>In the form of a W3C trace id. Not secret, and so not worth the system call of a <see cref="Guid"/>.</summary>
    private static string Create() => string.Create(32, Random.Shared, static (text, random) =>
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        Convert.TryToHexStringLower(bytes, text, out _);
    });

    /// <summary>What a response header can carry.</summary>
    private static bool IsLatin(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', 'ÿ');
}
