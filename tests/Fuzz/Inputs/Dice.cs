namespace Penstock.Fuzz.Tests.Inputs;

/// <summary>Chance that can be repeated: the same seed gives the same numbers on every machine and framework.</summary>
/// <remarks>Source: SplitMix64, by Sebastiano Vigna (public domain).</remarks>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed * 0xD1342543DE82EF95;

    /// <summary>From 0 to below <paramref name="end"/>, which is positive.</summary>
    public int Below(int end) => (int)(Next() % (ulong)end);

    /// <summary>Both ends included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>True once in so many throws.</summary>
    public bool OneIn(int throws) => Below(throws) == 0;

    /// <summary>From 0 to <paramref name="max"/>, the small ones more often.</summary>
    public int Size(int max) => Below(Below(max + 1) + 1);

    public T Pick<T>(params ReadOnlySpan<T> items) => items[Below(items.Length)];

    public byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)Next();
        return bytes;
    }

    private ulong Next()
    {
        var mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
