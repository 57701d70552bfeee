namespace Penstock.Transport;

/// <summary>
/// The large body that is being written in this flow of calls. The client library stands between a body and its
/// connection and tells neither of the other; a provider that refuses the body makes them know each other.
/// </summary>
internal static class BodyInFlight
{
    /// <summary>Smaller ones fit into what the systems buffer: writing them waits for nobody.</summary>
    public const int LargeBytes = 64 << 10;

    private static readonly AsyncLocal<object?> Slot = new();

    public static object? Current
    {
        get => Slot.Value;
        set => Slot.Value = value;
    }
}
