namespace Penstock.Fuzz.Tests.Inputs;

/// <summary>Damages bytes: flips, insertions, cuts, repeats, and pieces that parsers stumble over.</summary>
internal static class Mutator
{
    private static readonly byte[][] Pieces =
    [
        "{"u8.ToArray(), "}"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(), "\""u8.ToArray(), "\\"u8.ToArray(), ","u8.ToArray(), ":"u8.ToArray(),
        "\n"u8.ToArray(), "\r"u8.ToArray(), "\r\n"u8.ToArray(), "\0"u8.ToArray(), "\t"u8.ToArray(), " "u8.ToArray(), "\u007f"u8.ToArray(),
        "\\ud800"u8.ToArray(), "\\udc00"u8.ToArray(), "\\u0000"u8.ToArray(), "\uFEFF"u8.ToArray(), "\u2028"u8.ToArray(), "é"u8.ToArray(), "😀"u8.ToArray(),
        [0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf0, 0x9f], "null"u8.ToArray(), "true"u8.ToArray(), "1e999"u8.ToArray(), "-0"u8.ToArray(), "//"u8.ToArray(),
        "/*"u8.ToArray(), "*/"u8.ToArray(), "${X}"u8.ToArray(), "data:"u8.ToArray(), "[DONE]"u8.ToArray(), "%2e"u8.ToArray(), "../"u8.ToArray(), "@"u8.ToArray(),
        "99999999999999999999"u8.ToArray(), "\"error\""u8.ToArray(), "\"finish_reason\""u8.ToArray(), "\"model\":\"x\","u8.ToArray(), "\"a\":1,"u8.ToArray(),
    ];

    /// <summary>One to four damages.</summary>
    public static byte[] Damage(Dice dice, byte[] bytes)
    {
        for (var i = 1 + dice.Size(3); i > 0; i--) bytes = DamageOnce(dice, bytes);
        return bytes;
    }

    /// <summary>Sometimes.</summary>
    public static byte[] MayDamage(Dice dice, byte[] bytes, int oneIn) => dice.OneIn(oneIn) ? Damage(dice, bytes) : bytes;

    private static byte[] DamageOnce(Dice dice, byte[] bytes)
    {
        var at = dice.Below(bytes.Length + 1);
        var end = Math.Min(bytes.Length, at + 1 + dice.Size(8));
        switch (dice.Below(bytes.Length == 0 ? 1 : 8))
        {
            case 0:
                return [.. bytes[..at], .. dice.Pick(Pieces), .. bytes[at..]];
            case 1:
                return [.. bytes[..at], .. dice.Pick(Pieces), .. bytes[end..]];
            case 2:
                return [.. bytes[..at], .. bytes[end..]];
            case 3:
                return [.. bytes[..end], .. bytes[at..]];
            case 4:
                return bytes[..at];
            case 5:
                var from = dice.Below(bytes.Length);
                return [.. bytes[..at], .. bytes[from..Math.Min(bytes.Length, from + 1 + dice.Size(40))], .. bytes[at..]];
            case 6:
                return Change(bytes, dice.Below(bytes.Length), one => (byte)(one ^ (1 << dice.Below(8))));
            default:
                return Change(bytes, dice.Below(bytes.Length), _ => (byte)dice.Below(256));
        }
    }

    private static byte[] Change(byte[] bytes, int at, Func<byte, byte> change)
    {
        var changed = bytes.ToArray();
        changed[at] = change(changed[at]);
        return changed;
    }
}
