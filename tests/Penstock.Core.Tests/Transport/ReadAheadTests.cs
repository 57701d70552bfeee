using Penstock.Transport;

namespace Penstock.Core.Tests.Transport;

/// <summary>Reading ahead changes how often the system is asked, and nothing of what comes.</summary>
public sealed class ReadAheadTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_byte_comes_once_and_in_order(int seed)
    {
        var random = new Random(seed);
        var sent = new byte[1 << 20];
        random.NextBytes(sent);
        await using var stream = new ConnectionStream(new Pieces(sent, random));
        var received = new MemoryStream();
        while (true)
        {
            if (random.Next(4) == 0) Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty, Patience.Token));
            var room = new byte[random.Next(3) switch { 0 => 4096, 1 => 1 + random.Next(5000), _ => 1 + random.Next(100_000) }];
            var count = await stream.ReadAsync(room, Patience.Token);
            if (count == 0) break;
            received.Write(room.AsSpan(0, count));
        }

        Assert.True(sent.AsSpan().SequenceEqual(received.ToArray()));
    }

    [Fact]
    public async Task A_busy_sender_costs_an_eighth_of_the_reads()
    {
        var wire = new Pieces(new byte[1 << 20], random: null);
        await using var stream = new ConnectionStream(wire);
        var room = new byte[4096];
        while (await stream.ReadAsync(room, Patience.Token) > 0)
        {
        }

        Assert.InRange(wire.Reads, 1, 40);
    }

    /// <param name="random">How much each read gives, and whether it waits; null: all that fits, at once.</param>
    private sealed class Pieces(byte[] bytes, Random? random) : MemoryStream(bytes)
    {
        public int Reads { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.IsEmpty) return 0;
            Reads++;
            if (random is null) return Read(buffer.Span);
            if (random.Next(2) == 0) await Task.Yield();
            return Read(random.Next(2) == 0 ? buffer.Span : buffer.Span[..Math.Min(buffer.Length, 1 + random.Next(3000))]);
        }
    }
}
