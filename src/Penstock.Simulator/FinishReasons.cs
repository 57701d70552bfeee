using System.Text.Json;

namespace Penstock.Simulator;

internal static class FinishReasons
{
    /// <returns>Whether the data of an event states why a choice ended.</returns>
    public static bool IsIn(string data)
    {
        try
        {
            using var document = JsonDocument.Parse(data);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("choices", out var choices)
                && choices.ValueKind == JsonValueKind.Array
                && choices.EnumerateArray().Any(static choice => choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
