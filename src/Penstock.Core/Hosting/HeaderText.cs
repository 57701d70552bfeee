using System.Text;

namespace Penstock.Hosting;

/// <summary>
/// How the bytes of a request header become text. RFC 9110 allows no more than ASCII, and clients write what they like:
/// curl and Python UTF-8, <c>fetch</c> in Node.js and in browsers Latin-1. UTF-8 is tried first, since Latin-1 text is
/// hardly ever valid UTF-8; what is not becomes Latin-1, byte by byte.
/// </summary>
internal static class HeaderText
{
    public static Encoding Encoding { get; } = Encoding.GetEncoding("utf-8", EncoderFallback.ReplacementFallback, new BytesAsLatin1());

    private sealed class BytesAsLatin1 : DecoderFallback
    {
        /// <summary>UTF-8 gives up after three bytes at the latest.</summary>
        public override int MaxCharCount => 3;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new Buffer();
    }

    private sealed class Buffer : DecoderFallbackBuffer
    {
        private byte[] _bytes = [];
        private int _next;

        public override int Remaining => _bytes.Length - _next;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            _bytes = [.. bytesUnknown];
            _next = 0;
            return _bytes.Length > 0;
        }

        public override char GetNextChar() => _next < _bytes.Length ? (char)_bytes[_next++] : '\0';

        public override bool MovePrevious()
        {
            if (_next == 0) return false;
            _next--;
            return true;
        }

        public override void Reset() => _bytes = [];
    }
}
