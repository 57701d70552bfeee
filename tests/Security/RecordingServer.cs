using System.Collections.Concurrent;
using System.Text;

namespace Penstock.Security.Tests;

/// <summary>
/// A provider that takes requests apart byte by byte and strictly by its own rules: what a gateway let through that is
/// not exactly one request shows here.
/// </summary>
internal sealed class RecordingServer : IAsyncDisposable
{
    private readonly RawServer _server;
    private readonly ConcurrentQueue<string> _requests = new();

    public RecordingServer(string answer = """{"choices":[]}""")
    {
        _server = new RawServer(async connection =>
        {
            while (await ReadAsync(connection) is { } request)
            {
                _requests.Enqueue(request);
                await connection.AnswerAsync(answer, "Content-Type: application/json\r\n");
            }
        });
    }

    /// <summary>Each with its head and, behind a blank line, its body with the chunks joined.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public string CustomHost => $"x-portkey-custom-host: {_server.Uri("/v1")}\r\n";

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<string?> ReadAsync(RawConnection connection)
    {
        var head = await ReadToAsync(connection, "\r\n\r\n");
        if (head.Length == 0) return null;
        var lines = head[..^4].Split("\r\n");
        Assert.Matches("^[A-Z]+ /[!-~]* HTTP/1.1$", lines[0]);
        var fields = lines[1..].Select(line => line.Split(':', 2)).ToArray();
        Assert.All(fields, field =>
        {
            Assert.Equal(2, field.Length);
            Assert.Matches("^[A-Za-z0-9_-]+$", field[0]);
            Assert.DoesNotMatch("(?i)^(content_length|transfer.encoding_|transfer_encoding|x-content-length)$", field[0]);
            Assert.DoesNotMatch("[\r\n\0]", field[1]);
        });
        string[] lengths = [.. fields.Where(field => field[0].Equals("Content-Length", StringComparison.OrdinalIgnoreCase)).Select(field => field[1].Trim())];
        string[] codings = [.. fields.Where(field => field[0].Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)).Select(field => field[1].Trim())];
        Assert.InRange(lengths.Length + codings.Length, 0, 1);
        if (codings.Length > 0)
        {
            Assert.Equal("chunked", codings[0]);
            return head + await ReadChunksAsync(connection);
        }

        if (lengths.Length == 0) return head;
        Assert.Matches("^[0-9]+$", lengths[0]);
        return head + await ReadBytesAsync(connection, int.Parse(lengths[0], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static async Task<string> ReadChunksAsync(RawConnection connection)
    {
        var body = new StringBuilder();
        while (true)
        {
            var line = (await ReadToAsync(connection, "\r\n"))[..^2];
            Assert.Matches("^[0-9A-Fa-f]+$", line);
            var length = Convert.ToInt32(line, 16);
            var chunk = await ReadBytesAsync(connection, length + 2);
            Assert.EndsWith("\r\n", chunk, StringComparison.Ordinal);
            if (length == 0) return body.ToString();
            body.Append(chunk.AsSpan(0, length));
        }
    }

    private static async Task<string> ReadBytesAsync(RawConnection connection, int count)
    {
        var bytes = new byte[count];
        await connection.Stream.ReadExactlyAsync(bytes, connection.Stop);
        return Encoding.Latin1.GetString(bytes);
    }

    private static async Task<string> ReadToAsync(RawConnection connection, string end)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!EndsWith(text, end))
        {
            if (await connection.Stream.ReadAsync(one, connection.Stop) == 0) return "";
            text.Append((char)one[0]);
        }

        return text.ToString();
    }

    private static bool EndsWith(StringBuilder text, string end) =>
        text.Length >= end.Length && text.ToString(text.Length - end.Length, end.Length) == end;
}
