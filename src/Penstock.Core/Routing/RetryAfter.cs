using System.Buffers;
using System.Globalization;

namespace Penstock.Routing;

/// <summary>A provider's wish when to be called again.</summary>
/// <remarks>Sources: RFC 9110, section 10.2.3 (seconds or a date); OpenAI and Azure send milliseconds in headers of their own.</remarks>
internal static class RetryAfter
{
    /// <summary>All such waits of one leaf together.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(60);

    private static readonly string[] MillisecondHeaders = ["retry-after-ms", "x-ms-retry-after-ms"];

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>The preferred form of RFC 9110, section 5.6.7, and the two obsolete ones that a recipient must accept.</summary>
    private static readonly string[] DateForms = ["ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    /// <returns>The wait, not negative; null when the answer states none that can be read.</returns>
    public static TimeSpan? Read(HttpResponseMessage response, TimeProvider time)
    {
        foreach (var name in MillisecondHeaders)
        {
            if (Header(response, name) is { } text && Number(text) is { } milliseconds) return Span(milliseconds / 1000);
        }

        if (Header(response, "Retry-After") is not { } wish) return null;
        if (Number(wish) is { } seconds) return Span(seconds);
        if (!DateTimeOffset.TryParseExact(wish, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var date)) return null;
        var wait = date - time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>Digits and a point. Signs, exponents and the words for what is not a number are no wish.</summary>
    private static double? Number(string text)
    {
        var digits = text.AsSpan().Trim();
        return !digits.ContainsAnyExcept(NumberCharacters) && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    /// <summary>What is beyond a year is beyond every budget too.</summary>
    private static TimeSpan Span(double seconds) => seconds > 365 * 86_400d ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
