using Penstock.Transport;

namespace Penstock.Core.Tests.Transport;

/// <summary>The moments that cannot be met on purpose with real sockets: the end comes while a request is being written.</summary>
public sealed class ConnectionStreamTests : IDisposable
{
    private static readonly byte[] Request = "GET / HTTP/1.1\r\n\r\n"u8.ToArray();

    private readonly ScriptedStream _wire = new();
    private readonly byte[] _buffer = new byte[100];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _wire.Dispose();

    [Fact]
    public async Task Is_not_reused_while_it_carries_its_first_request()
    {
        await using var stream = new ConnectionStream(_wire);
        await stream.WriteAsync(Request, Stop);
        await stream.WriteAsync(Request, Stop);
        var read = stream.ReadAsync(_buffer, Stop);
        _wire.Give(0);

        var lost = await Assert.ThrowsAsync<ConnectionLostException>(() => read.AsTask());
        Assert.False(lost.WasReused);
    }

    [Fact]
    public async Task Is_reused_from_the_second_request_on()
    {
        await using var stream = new ConnectionStream(_wire);
        await AnswerOneAsync(stream);
        await stream.WriteAsync(Request, Stop);
        var read = stream.ReadAsync(_buffer, Stop);
        _wire.Fail(new IOException("reset"));

        var lost = await Assert.ThrowsAsync<ConnectionLostException>(() => read.AsTask());
        Assert.True(lost.WasReused);
        Assert.Equal("reset", lost.InnerException!.Message);
    }

    [Fact]
    public async Task Notices_an_end_that_was_read_ahead_before_the_request()
    {
        await using var stream = new ConnectionStream(_wire);
        await AnswerOneAsync(stream);
        var ahead = stream.ReadAsync(_buffer, Stop);
        _wire.Give(0);
        Assert.Equal(0, await ahead);

        var lost = await Assert.ThrowsAsync<ConnectionLostException>(() => stream.WriteAsync(Request, Stop).AsTask());
        Assert.True(lost.WasReused);
    }

    [Fact]
    public async Task Notices_an_end_that_was_read_ahead_and_came_with_the_request()
    {
        await using var stream = new ConnectionStream(_wire);
        await AnswerOneAsync(stream);
        var ahead = stream.ReadAsync(_buffer, Stop);
        await stream.WriteAsync(Request, Stop);
        _wire.Give(0);

        var lost = await Assert.ThrowsAsync<ConnectionLostException>(() => ahead.AsTask());
        Assert.True(lost.WasReused);
    }

    [Fact]
    public async Task Says_when_a_request_could_not_be_written()
    {
        await using var stream = new ConnectionStream(_wire);
        await AnswerOneAsync(stream);
        _wire.FailWrites = true;
        await stream.WriteAsync(Request, Stop);
        var read = stream.ReadAsync(_buffer, Stop);
        _wire.Give(0);

        var lost = await Assert.ThrowsAsync<ConnectionLostException>(() => read.AsTask());
        Assert.True(lost.WasReused);
        Assert.Equal("broken pipe", lost.InnerException!.Message);
    }

    [Fact]
    public async Task Reads_what_was_answered_before_the_request_was_whole_and_carries_no_other()
    {
        await using var stream = new ConnectionStream(_wire);
        await stream.WriteAsync(Request, Stop);
        _wire.FailWrites = true;
        await stream.WriteAsync(Request, Stop);
        await stream.WriteAsync(Request, Stop);
        var read = stream.ReadAsync(_buffer, Stop);
        _wire.Give(5);
        Assert.Equal(5, await read);

        var lost = await Assert.ThrowsAsync<ConnectionLostException>(() => stream.WriteAsync(Request, Stop).AsTask());
        Assert.True(lost.WasReused);
    }

    [Fact]
    public async Task Is_simply_at_its_end_once_an_answer_has_begun()
    {
        await using var stream = new ConnectionStream(_wire);
        await AnswerOneAsync(stream);
        var read = stream.ReadAsync(_buffer, Stop);
        _wire.Give(0);
        Assert.Equal(0, await read);
    }

    [Fact]
    public async Task Leaves_a_broken_body_what_it_is()
    {
        await using var stream = new ConnectionStream(_wire);
        await AnswerOneAsync(stream);
        var read = stream.ReadAsync(_buffer, Stop);
        _wire.Fail(new IOException("reset"));

        var fault = await Assert.ThrowsAsync<IOException>(() => read.AsTask());
        Assert.Equal("reset", fault.Message);
    }

    [Fact]
    public async Task Costs_nothing_for_a_piece_that_is_there()
    {
        await using var stream = new ConnectionStream(new EndlessStream());
        await stream.WriteAsync(Request, Stop);
        var count = await stream.ReadAsync(_buffer, Stop);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) count += await stream.ReadAsync(_buffer, Stop);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(1_001, count);
    }

    private async Task AnswerOneAsync(ConnectionStream stream)
    {
        await stream.WriteAsync(Request, Stop);
        var read = stream.ReadAsync(_buffer, Stop);
        _wire.Give(5);
        Assert.Equal(5, await read);
    }

    private sealed class ScriptedStream : MemoryStream
    {
        private TaskCompletionSource<int> _next = new();

        public bool FailWrites { get; set; }

        public void Give(int count) => Renew().SetResult(count);

        public void Fail(Exception fault) => Renew().SetException(fault);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(_next.Task);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            FailWrites ? ValueTask.FromException(new IOException("broken pipe")) : ValueTask.CompletedTask;

        private TaskCompletionSource<int> Renew()
        {
            var current = _next;
            _next = new TaskCompletionSource<int>();
            return current;
        }
    }

    private sealed class EndlessStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(1);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
