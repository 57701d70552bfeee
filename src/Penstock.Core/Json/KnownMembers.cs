using System.Text;

namespace Penstock.Json;

/// <summary>
/// Members that decide about a request. One of them twice is refused: gateway and provider could take different ones,
/// and a limit or guardrail would judge what is not sent.
/// </summary>
internal static class KnownMembers
{
    public const int Model = 0;
    public const int Stream = 1;
    public const int N = 2;

    private const int LongestName = 21;

    /// <summary>Of all dialects; 32 at most, one bit each.</summary>
    private static readonly string[] Names =
    [
        "model", "stream", "n", "messages", "max_tokens", "max_completion_tokens", "stream_options", "tools", "input", "prompt",
        "user", "system", "instructions", "contents", "query", "documents", "functions", "tool_choice", "service_tier",
        "response_format", "max_output_tokens",
    ];

    public static string Name(int index) => Names[index];

    /// <param name="name">The name as spelled in the body.</param>
    /// <param name="isExact">
    /// False: another casing of the name, which readers of some languages (Go's among them) take for the same.
    /// </param>
    /// <returns>Its index, or -1.</returns>
    public static int Find(ReadOnlySpan<byte> name, bool isEscaped, out bool isExact)
    {
        if (!isEscaped && name.IndexOfAnyInRange((byte)0x80, (byte)0xFF) < 0) return FindPlain(name, out isExact);
        isExact = false;
        if (name.Length > LongestName * JsonEscapes.MaxBytesPerByte) return -1;
        Span<byte> plain = stackalloc byte[LongestName * JsonEscapes.MaxBytesPerByte];
        return JsonEscapes.TryUnescape(name, plain, out var length) ? FindPlain(Folded(plain[..length]), out isExact) : -1;
    }

    private static int FindPlain(ReadOnlySpan<byte> name, out bool isExact)
    {
        var found = FindSameLength(name);
        isExact = found >= 0 && Means(name, found, ignoreCase: false);
        return found >= 0 && Means(name, found, ignoreCase: true) ? found : -1;
    }

    /// <summary>The only name that it can be, by its length and one letter.</summary>
    private static int FindSameLength(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => N,
        4 => 10,
        5 => (name[0] | 0x20) switch { 'm' => Model, 't' => 7, 'i' => 8, _ => 14 },
        6 => (name[1] | 0x20) switch { 't' => Stream, 'r' => 9, _ => 11 },
        8 => (name[0] | 0x20) == 'm' ? 3 : 13,
        9 => (name[0] | 0x20) == 'd' ? 15 : 16,
        10 => 4,
        11 => 17,
        12 => (name[0] | 0x20) == 'i' ? 12 : 18,
        14 => 6,
        15 => 19,
        17 => 20,
        21 => 5,
        _ => -1,
    };

    private static bool Means(ReadOnlySpan<byte> name, int index, bool ignoreCase) =>
        ignoreCase ? Ascii.EqualsIgnoreCase(name, Names[index]) : Ascii.Equals(name, Names[index]);

    /// <summary>Two letters beyond ASCII count as the ones that they are the old forms of: a long s and the sign for kelvin.</summary>
    private static Span<byte> Folded(Span<byte> name)
    {
        var length = 0;
        for (var at = 0; at < name.Length; length++)
        {
            var rest = name[at..];
            if (rest.StartsWith("\u017F"u8)) (name[length], at) = ((byte)'S', at + 2);
            else if (rest.StartsWith("\u212A"u8)) (name[length], at) = ((byte)'K', at + 3);
            else (name[length], at) = (rest[0], at + 1);
        }

        return name[..length];
    }
}
