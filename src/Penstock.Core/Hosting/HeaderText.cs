using System.Text;

namespace Penstock.Hosting;

/// <summary>
/// How the bytes of request headers are read: as UTF-8, and what is not UTF-8 as Latin-1, which is what JavaScript's
/// <c>fetch</c> writes for an "é".
/// </summary>
internal static class HeaderText
{
    public static Encoding Encoding { get; } = Encoding.GetEncoding("utf-8", EncoderFallback.ReplacementFallback, new AsLatin1());

    private sealed class AsLatin1 : DecoderFallback
    {
        /// <summary>Four bytes at most are found to be wrong at once, and each is a character.</summary>
        public override int MaxCharCount => 4;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new Buffer();
    }

    private sealed class Buffer : DecoderFallbackBuffer
    {
        private byte[] _bytes = [];
        private int _next;

        public override int Remaining => _bytes.Length - _next;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            _bytes = bytesUnknown;
            _next = 0;
            return bytesUnknown.Length > 0;
        }

        public override char GetNextChar() => Remaining > 0 ? (char)_bytes[_next++] : '\0';

        public override bool MovePrevious()
        {
            if (_next == 0) return false;
            _next--;
            return true;
        }

        public override void Reset() => (_bytes, _next) = ([], 0);
    }
}
