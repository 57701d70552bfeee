using System.Net.Sockets;

namespace Penstock.Simulator.Tests;

public sealed class DeadEndpointTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refuses_connections()
    {
        await using var endpoint = DeadEndpoint.Refusing();

        var exception = await Assert.ThrowsAsync<SocketException>(() => RawClient.ConnectAsync(endpoint.Port));
        Assert.Equal(SocketError.ConnectionRefused, exception.SocketErrorCode);
    }

    [Fact]
    public async Task Speaks_neither_tls_nor_http()
    {
        await using var endpoint = DeadEndpoint.SpeakingGarbage();
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        using var plain = new HttpRequestMessage(HttpMethod.Get, endpoint.BaseUrl);
        using var secure = new HttpRequestMessage(HttpMethod.Get, endpoint.SecureBaseUrl);

        await Assert.ThrowsAsync<HttpRequestException>(() => http.SendAsync(plain, Stop));
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => http.SendAsync(secure, Stop));
        Assert.Equal(HttpRequestError.SecureConnectionError, exception.HttpRequestError);
    }

    [Fact]
    public async Task Takes_a_connection_and_never_answers()
    {
        await using var endpoint = DeadEndpoint.NeverAnswering();
        using var client = await RawClient.ConnectAsync(endpoint.Port);
        await client.SendAsync(RawClient.Request(endpoint.Port, Client.Hello));

        var reading = client.ReadToEndAsync();

        Assert.False(reading.IsCompleted);
        await endpoint.DisposeAsync();
        Assert.Equal("", await reading);
    }

    [Fact]
    public async Task Never_lets_a_connection_come_about()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems queue more connections.");
        await using var endpoint = DeadEndpoint.NeverConnecting();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            await Task.Run(() => socket.Connect("127.0.0.1", endpoint.Port), Stop);
        }
        catch (SocketException)
        {
            // Under way.
        }

        Assert.False(socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectWrite));
    }
}
