using Penstock.Routing;

namespace Penstock.Core.Tests.Routing;

public sealed class RetryAfterTests
{
    private readonly ManualTime _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("retry-after-ms", "1500", 1_500)]
    [InlineData("retry-after-ms", " 1500 ", 1_500)]
    [InlineData("retry-after-ms", "0.5", 0.5)]
    [InlineData("retry-after-ms", "0", 0)]
    [InlineData("x-ms-retry-after-ms", "20", 20)]
    [InlineData("retry-after", "2", 2_000)]
    [InlineData("retry-after", "0", 0)]
    [InlineData("retry-after", "0.25", 250)]
    [InlineData("retry-after", ".5", 500)]
    [InlineData("Retry-After", "Tue, 01 Jan 2030 00:00:07 GMT", 7_000)]
    [InlineData("Retry-After", "Tuesday, 01-Jan-30 00:00:07 GMT", 7_000)]
    [InlineData("Retry-After", "Tue Jan  1 00:00:07 2030", 7_000)]
    [InlineData("Retry-After", "Tue Jan 15 00:00:00 2030", 14 * 86_400_000.0)]
    [InlineData("Retry-After", "Mon, 31 Dec 2029 23:59:59 GMT", 0)]
    [InlineData("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT", 0)]
    public void Reads(string name, string value, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Read((name, value)));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("1.2.3")]
    [InlineData("1,5")]
    [InlineData("1 s")]
    [InlineData(".")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("∞")]
    [InlineData("٣")]
    [InlineData("2030-01-01")]
    [InlineData("01/01/2030")]
    [InlineData("Tue, 32 Jan 2030 00:00:07 GMT")]
    public void Finds_no_wish_in(string value)
    {
        Assert.Null(Read(("retry-after-ms", value)));
        Assert.Null(Read(("Retry-After", value)));
    }

    [Fact]
    public void Takes_a_huge_wish_for_what_it_is()
    {
        foreach (var value in (string[])["99999999999", new string('9', 400)])
        {
            Assert.Equal(TimeSpan.MaxValue, Read(("Retry-After", value)));
            Assert.True(Read(("retry-after-ms", value)) >= RetryAfter.Budget);
        }

        Assert.True(Read(("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")) > RetryAfter.Budget);
    }

    [Fact]
    public void Prefers_milliseconds_and_passes_over_what_it_cannot_read()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(5), Read(("Retry-After", "9"), ("x-ms-retry-after-ms", "7"), ("retry-after-ms", "5")));
        Assert.Equal(TimeSpan.FromSeconds(9), Read(("Retry-After", "9"), ("retry-after-ms", "soon")));
        Assert.Null(Read(("Retry-After", "9"), ("Retry-After", "8")));
        Assert.Null(Read());
    }

    private TimeSpan? Read(params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return RetryAfter.Read(response, _time);
    }
}
