namespace Penstock.Json;

/// <summary>Finds where whole server-sent events end, whatever line ends the sender uses.</summary>
/// <remarks>
/// The contract: <see cref="Complete"/> gets everything that was received and not yet passed on. When it returns more
/// than 0, the caller takes exactly that prefix away; the next call gets what remained at the start of its buffer, with
/// newly received bytes behind it. Bytes that were looked at once are not searched again. Each stream has
/// a framer of its own, and a new one when bytes were taken away that were not found whole.
/// </remarks>
internal struct SseFramer
{
    /// <summary>Up to here the buffer holds no boundary.</summary>
    private int _searched;

    /// <returns>The length of the longest prefix that consists of whole events; 0 if there is none yet.</returns>
    /// <remarks>
    /// Searches from the end, where the last boundary usually stands: one look, however many events came at once.
    /// A CR at the very end may be half of a CRLF. If the line it ends is blank either way, the event is whole; a LF
    /// that follows is then a blank line of its own, which means nothing to a reader, and passes.
    /// </remarks>
    public int Complete(ReadOnlySpan<byte> buffer)
    {
        var end = buffer.Length;
        while (end > _searched)
        {
            var last = buffer[_searched..end].LastIndexOfAny((byte)'\r', (byte)'\n');
            if (last < 0) break;
            last += _searched;
            var lineEnd = buffer[last] == '\n' && last > 0 && buffer[last - 1] == '\r' ? last - 1 : last;
            if (lineEnd == 0 || buffer[lineEnd - 1] is (byte)'\r' or (byte)'\n')
            {
                _searched = buffer.Length - (last + 1);
                return last + 1;
            }

            end = lineEnd;
        }

        _searched = buffer.Length;
        return 0;
    }
}
