using Penstock.Transport;

namespace Penstock.Core.Tests.Transport;

public sealed class AttemptClockTests
{
    private static readonly Clocks Usual = new(ConnectMs: 10_000, HeadersMs: 600_000, FirstTokenMs: 0, IdleMs: 300_000, TotalMs: 0);

    private readonly ManualTime _time = new();

    [Fact]
    public void Ends_an_attempt_that_gets_no_connection()
    {
        using var clock = Start(Usual);

        AssertEndsAt(clock, 10_000, AttemptEnd.Connect);
    }

    [Fact]
    public void Stops_the_connect_clock_when_the_request_is_sent()
    {
        using var clock = Start(Usual);
        Advance(9_999);
        clock.Sending();

        AssertEndsAt(clock, 600_000, AttemptEnd.Headers);
    }

    [Fact]
    public void Runs_the_headers_clock_while_connecting_too()
    {
        using var clock = Start(Usual with { HeadersMs = 2_000 });

        AssertEndsAt(clock, 2_000, AttemptEnd.Headers);
    }

    [Fact]
    public void Gives_a_second_connection_its_own_time()
    {
        using var clock = Start(Usual);
        clock.Sending();
        Advance(50_000);
        clock.ConnectAgain();

        AssertEndsAt(clock, 60_000, AttemptEnd.Connect);
    }

    [Fact]
    public void Counts_idle_time_from_the_last_bytes()
    {
        using var clock = Start(Usual);
        clock.HeadersArrived();
        Advance(299_999);
        clock.Activity();
        Advance(299_999);
        clock.Activity();

        AssertEndsAt(clock, 899_998, AttemptEnd.Idle);
    }

    [Fact]
    public void Counts_no_idle_time_before_the_headers()
    {
        using var clock = Start(Usual with { IdleMs = 1_000 });
        clock.Sending();
        Advance(500_000);
        Assert.Equal(AttemptEnd.None, clock.End);
        clock.HeadersArrived();

        AssertEndsAt(clock, 501_000, AttemptEnd.Idle);
    }

    [Fact]
    public void Rests_the_idle_clock_while_the_client_is_slow()
    {
        using var clock = Start(Usual);
        clock.HeadersArrived();
        clock.WaitForClient();
        Advance(5_000_000);
        Assert.Equal(AttemptEnd.None, clock.End);
        clock.ClientIsBack();

        AssertEndsAt(clock, 5_300_000, AttemptEnd.Idle);
    }

    [Fact]
    public void Ends_a_stream_without_content()
    {
        using var clock = Start(Usual with { FirstTokenMs = 3_000 });
        clock.HeadersArrived();
        clock.Activity();

        AssertEndsAt(clock, 3_000, AttemptEnd.FirstToken);
    }

    [Fact]
    public void Stops_the_first_token_clock_at_the_first_content()
    {
        using var clock = Start(Usual with { FirstTokenMs = 3_000 });
        clock.HeadersArrived();
        Advance(2_999);
        clock.ContentArrived();
        clock.Activity();

        AssertEndsAt(clock, 302_999, AttemptEnd.Idle);
    }

    [Fact]
    public void Runs_the_total_clock_whatever_happens()
    {
        using var clock = Start(Usual with { TotalMs = 400_000 });
        clock.HeadersArrived();
        for (var i = 0; i < 3; i++)
        {
            Advance(100_000);
            clock.Activity();
        }

        clock.WaitForClient();

        AssertEndsAt(clock, 400_000, AttemptEnd.Total);
    }

    [Fact]
    public void Needs_no_timer_when_every_clock_is_off()
    {
        using var clock = Start(new Clocks(0, 0, null, 0, null));

        Assert.Null(_time.NextTimer);
        Advance(int.MaxValue);
        Assert.Equal(AttemptEnd.None, clock.End);
    }

    [Fact]
    public void Arms_no_timer_for_activity()
    {
        using var clock = Start(Usual);
        clock.Sending();
        clock.HeadersArrived();
        var armed = _time.NextTimer;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            clock.Activity();
            clock.WaitForClient();
            clock.ClientIsBack();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(armed, _time.NextTimer);
    }

    [Fact]
    public void Ends_when_the_client_leaves_and_keeps_the_first_reason()
    {
        using var client = new CancellationTokenSource();
        using var clock = new AttemptClock(_time, Usual, client.Token, CancellationToken.None);
        client.Cancel();
        Advance(20_000);

        Assert.True(clock.Token.IsCancellationRequested);
        Assert.Equal(AttemptEnd.ClientGone, clock.End);
    }

    [Fact]
    public void Ends_at_once_for_a_client_who_left_before()
    {
        using var clock = new AttemptClock(_time, Usual, new CancellationToken(canceled: true), CancellationToken.None);

        Assert.Equal(AttemptEnd.ClientGone, clock.End);
    }

    [Fact]
    public void Ends_when_the_gateway_shuts_down()
    {
        using var cut = new CancellationTokenSource();
        using var clock = new AttemptClock(_time, Usual, CancellationToken.None, cut.Token);
        cut.Cancel();

        Assert.Equal(AttemptEnd.Cut, clock.End);
    }

    [Fact]
    public void Leaves_nothing_behind_when_disposed()
    {
        using var client = new CancellationTokenSource();
        var clock = new AttemptClock(_time, Usual, client.Token, CancellationToken.None);
        clock.Dispose();
        clock.ConnectAgain();

        Assert.Null(_time.NextTimer);
        client.Cancel();
        Assert.Equal(AttemptEnd.None, clock.End);
    }

    /// <summary>Dispose from the callback of another, while the client leaves: neither waits for the other.</summary>
    [Fact]
    public async Task Can_be_disposed_while_it_ends()
    {
        var stop = TestContext.Current.CancellationToken;
        for (var i = 0; i < 500; i++)
        {
            using var client = new CancellationTokenSource();
            var clock = new AttemptClock(TimeProvider.System, Usual with { TotalMs = 1 }, client.Token, CancellationToken.None);
            using var registration = clock.Token.UnsafeRegister(static state => ((AttemptClock)state!).Dispose(), clock);
            await Task.WhenAll(
                Task.Run(client.Cancel, stop),
                Task.Run(clock.Dispose, stop),
                Task.Run(clock.Activity, stop)).WaitAsync(TimeSpan.FromSeconds(30), stop);
        }
    }

    private AttemptClock Start(Clocks clocks) => new(_time, clocks, CancellationToken.None, CancellationToken.None);

    private void Advance(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    /// <param name="milliseconds">Since the start of the test.</param>
    private void AssertEndsAt(AttemptClock clock, int milliseconds, AttemptEnd end)
    {
        var sinceStart = (int)TimeSpan.FromTicks(_time.GetTimestamp()).TotalMilliseconds;
        Advance(milliseconds - sinceStart - 1);
        Assert.Equal(AttemptEnd.None, clock.End);
        Assert.False(clock.Token.IsCancellationRequested);
        Advance(1);
        Assert.Equal(end, clock.End);
        Assert.True(clock.Token.IsCancellationRequested);
    }
}
