using System.Collections.Concurrent;

namespace Penstock.Json;

/// <summary>Scans that are not in use. A scan holds offsets alone, so nothing of one body is seen by the next.</summary>
internal static class BodyScanPool
{
    private const int MaxKept = 256;

    private static readonly ConcurrentQueue<BodyScan> Idle = new();

    /// <exception cref="BodyException">The body is not a JSON object.</exception>
    public static BodyScan Read(ReadOnlyMemory<byte> body)
    {
        var scan = Idle.TryDequeue(out var idle) ? idle : new BodyScan();
        try
        {
            scan.Read(body);
            return scan;
        }
        catch
        {
            Return(scan);
            throw;
        }
    }

    public static void Return(BodyScan scan)
    {
        scan.Clear();
        if (Idle.Count < MaxKept) Idle.Enqueue(scan);
    }
}
