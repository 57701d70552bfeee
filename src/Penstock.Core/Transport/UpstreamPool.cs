using System.Net;
using System.Text;

namespace Penstock.Transport;

/// <summary>
/// The connections to providers. One handler per outbound policy, because a pooled connection is reused without asking
/// its policy again: hosts that the operator's rows name, and hosts that a caller named. Each has a twin that never
/// reuses, for the one repeat after a reused connection died.
/// </summary>
internal sealed class UpstreamPool : IDisposable
{
    /// <summary>Long enough to reuse, short enough to follow a provider's DNS.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Below the idle limit of the common load balancers, so that they rarely close first.</summary>
    private static readonly TimeSpan IdleLifetime = TimeSpan.FromSeconds(50);

    private readonly HttpMessageInvoker _rows;
    private readonly HttpMessageInvoker _rowsFresh;
    private readonly HttpMessageInvoker _callers;
    private readonly HttpMessageInvoker _callersFresh;

    public UpstreamPool(Dialer dialer)
    {
        _rows = Create(dialer.ConnectAsync, ConnectionLifetime);
        _rowsFresh = Create(dialer.ConnectAsync, TimeSpan.Zero);
        _callers = Create(dialer.ConnectGuardedAsync, ConnectionLifetime);
        _callersFresh = Create(dialer.ConnectGuardedAsync, TimeSpan.Zero);
    }

    /// <param name="callerNamedHost">Whether the host comes from the request rather than from the operator.</param>
    /// <param name="fresh">Open a new connection, and close it afterwards.</param>
    public HttpMessageInvoker For(bool callerNamedHost, bool fresh) =>
        (callerNamedHost, fresh) switch
        {
            (false, false) => _rows,
            (false, true) => _rowsFresh,
            (true, false) => _callers,
            (true, true) => _callersFresh,
        };

    public void Dispose()
    {
        _rows.Dispose();
        _rowsFresh.Dispose();
        _callers.Dispose();
        _callersFresh.Dispose();
    }

    private static HttpMessageInvoker Create(
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect,
        TimeSpan lifetime) =>
        new(CreateHandler(connect, lifetime));

    public static SocketsHttpHandler CreateHandler(
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect,
        TimeSpan lifetime) =>
        new()
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = lifetime,
            PooledConnectionIdleTimeout = IdleLifetime,
            ConnectTimeout = TimeSpan.FromMinutes(5), // the attempt's own clock is the shorter one
            ResponseDrainTimeout = TimeSpan.Zero, // an abandoned stream is cut at once: every token that still comes costs
            MaxResponseHeadersLength = 128, // KB
            RequestHeaderEncodingSelector = BeginSending,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ConnectCallback = connect,
            PlaintextStreamFilter = static (context, _) => new ValueTask<Stream>(new ConnectionStream(context.PlaintextStream)),
        };

    /// <summary>
    /// Asked for every header, when a request is written to the connection that it was given: the only sign of that
    /// moment which the library gives.
    /// </summary>
    private static Encoding BeginSending(string name, HttpRequestMessage request)
    {
        if (request.Options.TryGetValue(Dialer.Clock, out var clock)) clock.Sending();
        return Encoding.UTF8;
    }
}
