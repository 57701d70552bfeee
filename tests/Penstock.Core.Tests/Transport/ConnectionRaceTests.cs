using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Penstock.Tests;
using Penstock.Transport;

namespace Penstock.Core.Tests.Transport;

public sealed class ConnectionRaceTests : IDisposable
{
    private static readonly IPAddress[] Three = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2"), IPAddress.Parse("192.0.2.3")];

    private readonly ManualTime _time = new();
    private readonly ConcurrentQueue<Dial> _dials = new();
    private readonly SemaphoreSlim _dialled = new(0);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _dialled.Dispose();

    [Fact]
    public async Task Waits_for_one_address_as_long_as_it_takes()
    {
        var connecting = Race().ConnectAsync([Three[0]], 443, Stop);
        var dial = await NextAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        var socket = dial.Succeed();

        Assert.Same(socket, await connecting);
        Assert.Equal(new IPEndPoint(Three[0], 443), dial.Endpoint);
    }

    [Fact]
    public async Task Starts_the_next_after_a_quarter_of_a_second()
    {
        var connecting = Race().ConnectAsync(Three, 443, Stop);
        var dead = await NextAsync();
        await _time.ArmedAsync(static _ => true);
        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Empty(_dials);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var live = await NextAsync();
        var socket = live.Succeed();

        Assert.Same(socket, await connecting);
        Assert.Equal(Three[1], live.Endpoint.Address);
        Assert.True(dead.Token.IsCancellationRequested);
        Assert.Empty(_dials);
    }

    [Fact]
    public async Task Starts_the_next_at_once_when_one_failed()
    {
        var connecting = Race().ConnectAsync(Three, 443, Stop);
        (await NextAsync()).Fail(SocketError.ConnectionRefused);
        var socket = (await NextAsync()).Succeed();

        Assert.Same(socket, await connecting);
    }

    [Fact]
    public async Task Lets_a_late_first_address_win()
    {
        var connecting = Race().ConnectAsync(Three, 443, Stop);
        var first = await NextAsync();
        await _time.ArmedAsync(static _ => true);
        _time.Advance(ConnectionRace.Stagger);
        var second = await NextAsync();
        var socket = first.Succeed();

        Assert.Same(socket, await connecting);
        Assert.True(second.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Closes_a_connection_that_comes_too_late()
    {
        var connecting = Race().ConnectAsync(Three, 443, Stop);
        var first = await NextAsync();
        await _time.ArmedAsync(static _ => true);
        _time.Advance(ConnectionRace.Stagger);
        (await NextAsync()).Succeed();
        await connecting;
        var late = first.Succeed();

        Assert.True(late.SafeHandle.IsClosed);
    }

    [Fact]
    public async Task Fails_as_the_first_address_did_when_all_failed()
    {
        var connecting = Race().ConnectAsync(Three, 443, Stop);
        (await NextAsync()).Fail(SocketError.ConnectionRefused);
        (await NextAsync()).Fail(SocketError.HostUnreachable);
        (await NextAsync()).Fail(SocketError.TimedOut);

        var fault = await Assert.ThrowsAsync<SocketException>(() => connecting);
        Assert.Equal(SocketError.ConnectionRefused, fault.SocketErrorCode);
    }

    [Fact]
    public async Task Ends_with_its_token()
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var connecting = Race().ConnectAsync(Three, 443, over.Token);
        var dial = await NextAsync();
        await over.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        Assert.True(dial.Token.IsCancellationRequested);
    }

    [Fact]
    public async Task Takes_the_families_by_turns_and_eight_addresses_at_most()
    {
        IPAddress[] addresses = [.. Enumerable.Range(1, 10).Select(i => IPAddress.Parse($"2001:db8::{i}")), .. Three];
        var connecting = Race().ConnectAsync(addresses, 443, Stop);
        var called = new List<string>();
        for (var i = 0; i < ConnectionRace.MaxAddresses; i++)
        {
            var dial = await NextAsync();
            called.Add(dial.Endpoint.Address.ToString());
            dial.Fail(SocketError.ConnectionRefused);
        }

        await Assert.ThrowsAsync<SocketException>(() => connecting);
        Assert.Equal(["2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "2001:db8::3", "192.0.2.3", "2001:db8::4", "2001:db8::5"], called);
    }

    private ConnectionRace Race() => new(_time, (endpoint, cancellationToken) =>
    {
        var dial = new Dial(endpoint, cancellationToken);
        _dials.Enqueue(dial);
        _dialled.Release();
        return dial.Task;
    });

    private async Task<Dial> NextAsync()
    {
        await _dialled.WaitAsync(Stop);
        Assert.True(_dials.TryDequeue(out var dial));
        return dial;
    }

    private sealed class Dial
    {
        private readonly TaskCompletionSource<Socket> _source = new();

        public Dial(IPEndPoint endpoint, CancellationToken token)
        {
            Endpoint = endpoint;
            Token = token;
        }

        public IPEndPoint Endpoint { get; }

        public CancellationToken Token { get; }

        public Task<Socket> Task => _source.Task;

        public Socket Succeed()
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            _source.SetResult(socket);
            return socket;
        }

        public void Fail(SocketError error) => _source.SetException(new SocketException((int)error));
    }
}
