using System.Globalization;

namespace Penstock.Routing;

/// <summary>A provider's wish when to be called again.</summary>
/// <remarks>Sources: RFC 9110, section 10.2.3 (seconds or a date); OpenAI and Azure send milliseconds in headers of their own.</remarks>
internal static class RetryAfter
{
    /// <summary>All such waits of one leaf together.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(60);

    private static readonly string[] MillisecondHeaders = ["retry-after-ms", "x-ms-retry-after-ms"];

    /// <returns>The wait, not negative; null when the answer states none that can be read.</returns>
    public static TimeSpan? Read(HttpResponseMessage response, TimeProvider time)
    {
        foreach (var name in MillisecondHeaders)
        {
            if (Header(response, name) is { } text && Number(text) is { } milliseconds) return milliseconds > 1e9 ? TimeSpan.MaxValue : TimeSpan.FromMilliseconds(milliseconds);
        }

        if (Header(response, "Retry-After") is not { } wish) return null;
        if (Number(wish) is { } seconds) return seconds > 1e6 ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);
        if (!DateTimeOffset.TryParse(wish, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)) return null;
        var wait = date - time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
