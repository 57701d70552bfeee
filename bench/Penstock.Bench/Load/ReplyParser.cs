using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace Penstock.Bench.Load;

/// <summary>Reads one HTTP/1.1 response out of the pieces in which it comes. Knows fixed lengths and chunked transfer.</summary>
internal sealed class ReplyParser
{
    private Part _part;
    private int _status;
    private long _left;
    private long _bodyBytes;
    private long _firstTokenAt;
    private bool _isChunked;
    private bool _isStream;
    private EventCounter _events;

    private enum Part
    {
        Headers,
        FixedBody,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Trailer,
        Complete,
    }

    public bool IsComplete => _part == Part.Complete;

    public Reply Reply => new(_status, _bodyBytes, _events.Events, !_isStream || _events.IsDone, _firstTokenAt);

    public bool HasBodyBytes => _bodyBytes > 0;

    public void Reset()
    {
        _part = Part.Headers;
        _bodyBytes = 0;
        _firstTokenAt = 0;
        _events = default;
    }

    /// <returns>How many bytes are done with; the rest must come again with more behind it.</returns>
    /// <exception cref="InvalidDataException">That is not the HTTP we expect.</exception>
    public int Feed(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.Length;
        while (_part != Part.Complete)
        {
            var used = Step(bytes);
            if (used < 0) break;
            bytes = bytes[used..];
        }

        return start - bytes.Length;
    }

    /// <returns>Bytes used, or -1 when more must come first.</returns>
    private int Step(ReadOnlySpan<byte> bytes) => _part switch
    {
        Part.Headers => ReadHeaders(bytes),
        Part.ChunkSize => ReadChunkSize(bytes),
        Part.FixedBody => ReadBody(bytes, Part.Complete),
        Part.Chunk => ReadBody(bytes, Part.ChunkEnd),
        Part.ChunkEnd => SkipLine(bytes, Part.ChunkSize),
        _ => SkipLine(bytes, Part.Complete),
    };

    private int ReadHeaders(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) return -1;
        if (!bytes.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(bytes[9..12], out _status, out _)) throw new InvalidDataException("Not an HTTP/1.1 response.");
        _left = -1;
        _isChunked = false;
        _isStream = false;
        var lines = bytes[..end];
        for (var next = lines.IndexOf("\r\n"u8); next >= 0; next = lines.IndexOf("\r\n"u8))
        {
            lines = lines[(next + 2)..];
            ReadHeader(lines);
        }

        if (_left < 0 && !_isChunked) throw new InvalidDataException($"A response of status {_status} without a length.");
        _part = _isChunked ? Part.ChunkSize : _left == 0 ? Part.Complete : Part.FixedBody;
        return end + 4;
    }

    private void ReadHeader(ReadOnlySpan<byte> line)
    {
        if (HasName(line, "content-length:"u8)) _left = Utf8Parser.TryParse(line["content-length:".Length..].TrimStart((byte)' '), out long length, out _) ? length : -1;
        else if (HasName(line, "transfer-encoding:"u8)) _isChunked = true;
        else if (HasName(line, "content-type:"u8)) _isStream = line["content-type:".Length..].TrimStart((byte)' ').StartsWith("text/event-stream"u8);
    }

    private static bool HasName(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length >= name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);

    private int ReadChunkSize(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n"u8);
        if (end < 0) return -1;
        if (!Utf8Parser.TryParse(bytes[..end], out _left, out _, 'x')) throw new InvalidDataException("A chunk without a size.");
        _part = _left == 0 ? Part.Trailer : Part.Chunk;
        return end + 2;
    }

    private int ReadBody(ReadOnlySpan<byte> bytes, Part next)
    {
        var count = (int)Math.Min(_left, bytes.Length);
        if (count == 0) return -1;
        if (_firstTokenAt == 0 && (!_isStream || HasText(bytes[..count]))) _firstTokenAt = Stopwatch.GetTimestamp();
        if (_isStream) _events.Add(bytes[..count]);
        _bodyBytes += count;
        _left -= count;
        if (_left == 0) _part = next;
        return count;
    }

    /// <summary>Whether there is an event with text in it. One that comes in two pieces is missed, and the next one counts.</summary>
    private static bool HasText(ReadOnlySpan<byte> bytes)
    {
        var content = "\"content\":\""u8;
        for (var at = bytes.IndexOf(content); at >= 0; at = bytes.IndexOf(content))
        {
            bytes = bytes[(at + content.Length)..];
            if (bytes is [not (byte)'"', ..]) return true;
        }

        return false;
    }

    private int SkipLine(ReadOnlySpan<byte> bytes, Part next)
    {
        if (bytes.Length < 2) return -1;
        if (!bytes.StartsWith("\r\n"u8)) throw new InvalidDataException("A chunk that is longer than it said, or trailers.");
        _part = next;
        return 2;
    }
}
