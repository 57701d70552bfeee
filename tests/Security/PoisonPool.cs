using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Penstock.Json;

namespace Penstock.Security.Tests;

/// <summary>
/// A pool that trusts nobody. What is given back is filled with a pattern and rests for a while; when it goes out again
/// the pattern must still be there. So a buffer that is given back twice, or written to afterwards, is noticed, and one that
/// is read afterwards shows the pattern where a caller's text should be.
/// </summary>
internal sealed class PoisonPool : ArrayPool<byte>
{
    public const byte Pattern = 0xDB;

    /// <summary>How many buffers of one size rest before the oldest goes out again.</summary>
    private const int Resting = 32;

    private static readonly PoisonPool Instance = new();

    private readonly ConcurrentDictionary<byte[], bool> _out = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<int, ConcurrentQueue<byte[]>> _resting = new();
    private readonly ConcurrentQueue<string> _faults = new();

    /// <summary>What was done against the rules since the tests began.</summary>
    public static IReadOnlyCollection<string> Faults => Instance._faults;

    /// <summary>How many buffers are out.</summary>
    public static int Out => Instance._out.Count;

    [ModuleInitializer]
    internal static void Install() => BytePool.Shared = Instance;

    public override byte[] Rent(int minimumLength)
    {
        var length = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, minimumLength));
        var resting = _resting.GetOrAdd(length, static _ => new ConcurrentQueue<byte[]>());
        if (resting.Count <= Resting || !resting.TryDequeue(out var buffer))
        {
            buffer = GC.AllocateUninitializedArray<byte>(length);
            buffer.AsSpan().Fill(Pattern);
        }
        else if (buffer.AsSpan().ContainsAnyExcept(Pattern))
        {
            _faults.Enqueue($"A buffer of {length} bytes was written to after it was given back.");
        }

        _out[buffer] = true;
        return buffer;
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        if (!_out.TryRemove(array, out _))
        {
            _faults.Enqueue($"A buffer of {array.Length} bytes was given back twice, or was never taken:\n{Environment.StackTrace}");
            return;
        }

        array.AsSpan().Fill(Pattern);
        _resting.GetOrAdd(array.Length, static _ => new ConcurrentQueue<byte[]>()).Enqueue(array);
    }
}
