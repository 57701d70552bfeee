using System.Net;
using System.Net.Sockets;
using System.Text;
using Penstock.Simulator;

namespace Penstock.Core.Tests.Gateway;

/// <summary>Counts what the process allocates, so that nothing else may run beside it.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationsAlone;

/// <summary>
/// What a request through the whole gateway leaves for the garbage collector, web server and HTTP client included. The
/// limits stand a third above what was measured: they catch a copied body or a list per chunk, not a closure.
/// </summary>
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    private const int Rounds = 1000;

    [Theory]
    [InlineData("chat", "canned-small", "", 0, 11_500)]
    [InlineData("a prompt of 256 KB", "canned-small", "", 256 << 10, 12_000)]
    [InlineData("a stream of 200 chunks", "canned-burst", ""","stream":true""", 0, 14_500)]
    public async Task A_request_allocates_little_however_much_passes(string what, string model, string more, int promptBytes, int limit)
    {
        await using var world = await TestWorld.StartAsync(options: new SimulatorOptions { Canned = new CannedAnswers(), RecordRequests = false });
        var body = $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{new string('x', promptBytes)}}"}]{{more}}}""";
        var config = """{"provider":"p0","retry":{"attempts":2},"override_params":{"user":"u"}}""";
        var request = Encoding.UTF8.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer k\r\nx-portkey-config: {config}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPEndPoint.Parse(new Uri(world.Address).Authority));
        var room = new byte[64 << 10];

        for (var i = 0; i < Rounds; i++) Call(socket, request, room);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Rounds; i++) Call(socket, request, room);
        var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / Rounds;

        Assert.True(each < limit, $"{what}: {each} bytes a request");
    }

    /// <summary>Sends, and reads up to the end of the answer, without allocating.</summary>
    private static void Call(Socket socket, byte[] request, byte[] room)
    {
        for (var sent = 0; sent < request.Length;) sent += socket.Send(request.AsSpan(sent));
        var received = 0;
        while (true)
        {
            var count = socket.Receive(room.AsSpan(received));
            Assert.NotEqual(0, count);
            received += count;
            var answer = room.AsSpan(0, received);
            if (answer.EndsWith("\r\n0\r\n\r\n"u8)) return;
            var head = answer.IndexOf("\r\n\r\n"u8);
            var length = answer.IndexOf("Content-Length: "u8);
            if (head < 0 || length < 0 || length > head) continue;
            var digits = answer[(length + 16)..];
            if (System.Buffers.Text.Utf8Parser.TryParse(digits, out int bytes, out _) && received >= head + 4 + bytes) return;
        }
    }
}
