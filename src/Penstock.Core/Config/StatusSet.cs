namespace Penstock.Config;

/// <summary>A set of HTTP statuses; asking costs one bit test.</summary>
internal sealed class StatusSet
{
    private const int Size = 1024;
    private readonly ulong[] _bits = new ulong[Size / 64];

    public StatusSet(IEnumerable<int> statuses)
    {
        foreach (var status in statuses)
        {
            if (status is >= 0 and < Size) _bits[status >> 6] |= 1UL << (status & 63);
        }
    }

    public bool Contains(int status) => status is >= 0 and < Size && (_bits[status >> 6] & (1UL << (status & 63))) != 0;
}
