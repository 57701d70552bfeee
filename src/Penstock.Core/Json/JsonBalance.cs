namespace Penstock.Json;

/// <summary>
/// Counts brackets, so that a document whose length nobody states is known to be whole or cut. Judges nothing else.
/// </summary>
internal sealed class JsonBalance
{
    private int _depth;
    private bool _isInString;
    private bool _isEscaped;

    /// <summary>Whether the document may end here.</summary>
    public bool IsEven => _depth == 0 && !_isInString;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_isEscaped)
            {
                _isEscaped = false;
                bytes = bytes[1..];
                continue;
            }

            var at = _isInString ? bytes.IndexOfAny((byte)'"', (byte)'\\') : bytes.IndexOfAny("\"{}[]"u8);
            if (at < 0) return;
            switch (bytes[at])
            {
                case (byte)'"': _isInString = !_isInString; break;
                case (byte)'\\': _isEscaped = true; break;
                case (byte)'{' or (byte)'[': _depth++; break;
                default: _depth--; break;
            }

            bytes = bytes[(at + 1)..];
        }
    }
}
