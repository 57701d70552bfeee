using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Penstock.Simulator.Canned;
using Penstock.Simulator.OpenAi;
using Penstock.Simulator.Wire;

namespace Penstock.Simulator;

/// <summary>
/// A provider on a real socket: strict about what it receives, recording, and wrong in every way that is asked for.
/// Answers are taken from the script (<see cref="Enqueue"/>), else from <see cref="Always"/>, else the simulator checks
/// the request as the real provider would and answers the same thing every time.
/// </summary>
public sealed class ProviderSimulator : IAsyncDisposable
{
    private readonly SimulatorOptions _options;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<IConnection, Task> _connections = new();
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private readonly Channel<ReceivedRequest> _arrivals = Channel.CreateUnbounded<ReceivedRequest>();
    private readonly ConcurrentQueue<Reply> _script = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly StrictProvider _strict;
    private readonly CannedBytes? _cannedBytes;
    private readonly PacedStreams _paced;
    private readonly Task _accepting;
    private volatile Reply? _always;
    private long _requestCount;
    private long _connectionCount;
    private int _isDisposed;

    private ProviderSimulator(SimulatorOptions options, Socket listener)
    {
        _options = options;
        _listener = listener;
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        Origin = $"http://127.0.0.1:{Port}";
        BaseUrl = Origin + options.Profile.BasePath;
        _strict = new StrictProvider(options);
        _cannedBytes = options.Canned is null ? null : new CannedBytes(options.Canned);
        _paced = new PacedStreams(options.Time);
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Scheme, address and port, without a slash behind them.</summary>
    public string Origin { get; }

    /// <summary>What an SDK takes as its base URL, such as <c>http://127.0.0.1:PORT/v1</c>; no slash behind it.</summary>
    public string BaseUrl { get; }

    /// <summary>What was received so far, in order of arrival. Empty when recording is off.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    /// <summary>How many requests were received, recorded or not.</summary>
    public long RequestCount => Interlocked.Read(ref _requestCount);

    /// <summary>How many connections were accepted.</summary>
    public long ConnectionCount => Interlocked.Read(ref _connectionCount);

    /// <summary>
    /// What no client of a provider may send, whatever was answered: headers that leaked, broken HTTP. A test of the
    /// gateway can end with <c>Assert.Empty(provider.Violations)</c>.
    /// </summary>
    public IReadOnlyList<string> Violations => [.. _violations];

    internal TimeProvider Time => _options.Time;

    internal long MaxBodyBytes => _options.MaxBodyBytes;

    /// <exception cref="SocketException">The port is taken.</exception>
    public static Task<ProviderSimulator> StartAsync(SimulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        options ??= new SimulatorOptions();
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, options.Port));
            listener.Listen(4096);
            return Task.FromResult(new ProviderSimulator(options, listener));
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the next request that no call has returned yet.</summary>
    public async Task<ReceivedRequest> NextRequestAsync(CancellationToken cancellationToken) =>
        await _arrivals.Reader.ReadAsync(cancellationToken);

    /// <summary>Adds to the script: each request takes one reply, first in first out.</summary>
    public ProviderSimulator Enqueue(params IEnumerable<Reply> replies)
    {
        foreach (var reply in replies) _script.Enqueue(reply);
        return this;
    }

    /// <summary>Answers everything that the script does not; null goes back to the default.</summary>
    public ProviderSimulator Always(Reply? reply)
    {
        _always = reply;
        return this;
    }

    /// <summary>Stops listening and ends all connections: from a client's view the provider is gone.</summary>
    /// <remarks>An exception in the code of a reply (<see cref="Reply.From"/>) surfaces here.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _paced.Dispose();
        foreach (var connection in _connections.Keys) connection.Abort();
        await Task.WhenAll(_connections.Values);
        _arrivals.Writer.TryComplete();
        _stopping.Dispose();
    }

    internal Reply TakeReply() => _script.TryDequeue(out var reply) ? reply : _always ?? Reply.Default;

    /// <summary>Headers that leaked are noted whatever the answer is; the default answer refuses them too.</summary>
    internal HttpReply Resolve(Reply reply, ReceivedRequest request)
    {
        var fault = HeaderRules.FindFault(request.Headers, _options, Port);
        if (fault is not null) Violated(fault.Message);
        return reply.Resolve(request, received => _strict.Answer(received, fault));
    }

    internal ReceivedRequest Receive(RequestHead head, byte[] body, long connectionId, int numberOnConnection)
    {
        var number = Interlocked.Increment(ref _requestCount);
        var request = new ReceivedRequest(head, body, connectionId, numberOnConnection, number, Time.GetUtcNow());
        if (!_options.RecordRequests) return request;
        _requests.Enqueue(request);
        _arrivals.Writer.TryWrite(request);
        return request;
    }

    internal void Violated(string what) => _violations.Enqueue(what);

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stopping.Token);
                socket.NoDelay = true;
                var id = Interlocked.Increment(ref _connectionCount);
                Run(Open(socket, id));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // A client that left before it was accepted, or the end.
            }
        }
    }

    private IConnection Open(Socket socket, long id) => _cannedBytes is null
        ? new Connection(socket, id, this)
        : new CannedConnection(socket, _cannedBytes, _options.Canned!, _paced, () => Interlocked.Increment(ref _requestCount));

    private void Run(IConnection connection)
    {
        // Entered before it runs, so that its end cannot come before its entry.
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = RunAsync();
        start.SetResult();

        async Task RunAsync()
        {
            await start.Task;
            await connection.RunAsync(_stopping.Token);
            _connections.TryRemove(connection, out _);
        }
    }
}
