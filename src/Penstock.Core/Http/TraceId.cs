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
        return parent.Length == 55 && parent[2] == '-' && IsLatin(parent) ? parent.Substring(3, 32) : Guid.NewGuid().ToString();
    }

    /// <summary>What a response header can carry.</summary>
    private static bool IsLatin(string text) => !text.AsSpan().ContainsAnyExceptInRange(' ', 'ÿ');
}
