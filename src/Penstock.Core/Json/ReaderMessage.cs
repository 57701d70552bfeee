using System.Text.Json;

namespace Penstock.Json;

/// <summary>What the framework's reader found wrong, in its words.</summary>
internal static class ReaderMessage
{
    /// <summary>Without the place, which we state ourselves, and without the hint at options that only a programmer can set.</summary>
    public static string Of(JsonException fault)
    {
        var end = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var message = end < 0 ? fault.Message : fault.Message[..end];
        return message.Replace(" Change the reader options.", "", StringComparison.Ordinal);
    }
}
