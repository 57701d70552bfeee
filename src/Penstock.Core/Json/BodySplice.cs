namespace Penstock.Json;

/// <summary>Bytes of a value that give way to others.</summary>
/// <param name="Start">From the start of the value.</param>
/// <param name="End">Exclusive.</param>
/// <param name="With">What stands there instead; may be empty.</param>
internal readonly record struct BodySplice(int Start, int End, ReadOnlyMemory<byte> With);
