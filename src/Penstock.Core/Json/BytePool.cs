using System.Buffers;

namespace Penstock.Json;

/// <summary>
/// Where every buffer of ours comes from and goes back to: one place, so that a test can put a pool there which notices a
/// buffer that is used or given back once more after it was given back.
/// </summary>
internal static class BytePool
{
    public static ArrayPool<byte> Shared { get; set; } = ArrayPool<byte>.Shared;
}
