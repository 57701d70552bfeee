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

    private static readonly string[] Names =
        ["model", "stream", "n", "messages", "max_tokens", "max_completion_tokens", "stream_options", "tools", "input", "prompt", "user"];

    public static string Name(int index) => Names[index];

    /// <param name="name">The name as spelled in the body.</param>
    /// <returns>Its index, or -1.</returns>
    public static int Find(ReadOnlySpan<byte> name, bool isEscaped)
    {
        if (isEscaped)
        {
            if (name.Length > LongestName * JsonEscapes.MaxBytesPerByte) return -1;
            Span<byte> plain = stackalloc byte[LongestName * JsonEscapes.MaxBytesPerByte];
            return JsonEscapes.TryUnescape(name, plain, out var length) ? Find(plain[..length]) : -1;
        }

        return Find(name);
    }

    private static int Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => name[0] == 'n' ? N : -1,
        4 => name.SequenceEqual("user"u8) ? 10 : -1,
        5 => name.SequenceEqual("model"u8) ? Model : name.SequenceEqual("tools"u8) ? 7 : name.SequenceEqual("input"u8) ? 8 : -1,
        6 => name.SequenceEqual("stream"u8) ? Stream : name.SequenceEqual("prompt"u8) ? 9 : -1,
        8 => name.SequenceEqual("messages"u8) ? 3 : -1,
        10 => name.SequenceEqual("max_tokens"u8) ? 4 : -1,
        14 => name.SequenceEqual("stream_options"u8) ? 6 : -1,
        21 => name.SequenceEqual("max_completion_tokens"u8) ? 5 : -1,
        _ => -1,
    };
}
