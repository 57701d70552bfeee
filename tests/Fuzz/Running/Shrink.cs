using System.Collections.Immutable;
using System.Text;

namespace Penstock.Fuzz.Tests.Running;

/// <summary>Smaller forms of inputs, boldest first.</summary>
internal static class Shrink
{
    /// <summary>So many pieces of one size are tried; a large input first becomes smaller by larger ones.</summary>
    private const int MaxCuts = 4_000;

    /// <summary>Each of these in turn, not made before it is needed.</summary>
    public static IEnumerable<T> Each<T>(params IEnumerable<T>[] forms) => forms.SelectMany(form => form);

    /// <summary>Without a part of it, then with plainer bytes.</summary>
    public static IEnumerable<byte[]> Bytes(byte[] bytes)
    {
        for (var size = bytes.Length; size > bytes.Length / MaxCuts; size /= 2)
        {
            for (var at = 0; at + size <= bytes.Length; at += size) yield return [.. bytes[..at], .. bytes[(at + size)..]];
        }

        for (var i = 0; i < bytes.Length && bytes.Length < 2_000; i++)
        {
            if (bytes[i] is (byte)'0' or (byte)'a') continue;
            foreach (var plain in (byte[])[(byte)'0', (byte)'a'])
            {
                var plainer = bytes.ToArray();
                plainer[i] = plain;
                yield return plainer;
            }
        }
    }

    /// <summary>The same for text; never through a surrogate pair.</summary>
    public static IEnumerable<string> Text(string text)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        for (var size = runes.Length; size > 0; size /= 2)
        {
            for (var at = 0; at + size <= runes.Length; at += size) yield return string.Concat([.. runes[..at], .. runes[(at + size)..]]);
        }

        for (var i = 0; i < runes.Length && runes.Length < 2_000; i++)
        {
            if (runes[i].Value == 'a') continue;
            var plainer = runes.ToArray();
            plainer[i] = new Rune('a');
            yield return string.Concat(plainer);
        }
    }

    /// <summary>Fewer items, then smaller ones.</summary>
    public static IEnumerable<ImmutableArray<T>> List<T>(ImmutableArray<T> items, Func<T, IEnumerable<T>>? item = null)
    {
        for (var size = items.Length; size > 0; size /= 2)
        {
            for (var at = 0; at + size <= items.Length; at += size) yield return items.RemoveRange(at, size);
        }

        if (item is null) yield break;
        for (var i = 0; i < items.Length; i++)
        {
            foreach (var smaller in item(items[i])) yield return items.SetItem(i, smaller);
        }
    }
}
