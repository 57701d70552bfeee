using System.Net.Http.Headers;

namespace Penstock.Transport;

/// <summary>
/// Whether an answer says unmistakably where it ends. The client library takes the first of two lengths, and for a length
/// that is none it reads to the end of the connection; the next server on the way may do otherwise.
/// </summary>
/// <remarks>Source: RFC 9112, section 6.3.</remarks>
internal static class ReplyFraming
{
    private const int MaxDigits = 18;

    /// <returns>Null, or what is wrong, as the end of a sentence.</returns>
    public static string? FaultIn(HttpResponseMessage response)
    {
        if (response.Headers.NonValidated.TryGetValues("Transfer-Encoding", out var codings))
        {
            // A length beside chunks does not count.
            return codings.Count == 1 && codings.ToString().Trim().Equals("chunked", StringComparison.OrdinalIgnoreCase)
                ? null
                : "with a transfer encoding other than 'chunked'.";
        }

        return response.Content.Headers.NonValidated.TryGetValues("Content-Length", out var lengths) && !IsOneNumber(lengths)
            ? "with a content length that is not one number."
            : null;
    }

    /// <summary>Whether only the end of the connection says where the body ends, so that a cut one looks like a whole one.</summary>
    public static bool IsOpenEnded(HttpResponseMessage response) =>
        response.Headers.TransferEncodingChunked != true && response.Content.Headers.ContentLength is null;

    private static bool IsOneNumber(HeaderStringValues lengths)
    {
        string? first = null;
        foreach (var length in lengths)
        {
            if (length.Length is 0 or > MaxDigits || length.AsSpan().ContainsAnyExceptInRange('0', '9') || length != (first ??= length)) return false;
        }

        return true;
    }
}
