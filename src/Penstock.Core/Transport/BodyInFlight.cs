namespace Penstock.Transport;

/// <summary>
/// A large body on its way to a provider. The client library stands between a body and its connection and tells neither
/// of the other; the flow of calls that sends the request carries this to both.
/// </summary>
/// <param name="upload">Where it comes from, when it is not held.</param>
internal sealed class BodyInFlight(StreamedBody? upload)
{
    /// <summary>Smaller ones fit into what the systems buffer: writing them waits for nobody.</summary>
    public const int LargeBytes = 64 << 10;

    private static readonly AsyncLocal<BodyInFlight?> Slot = new();

    private Stream? _spoiled;

    /// <summary>Null for small requests.</summary>
    public static BodyInFlight? Current => Slot.Value;

    /// <summary>Set in the method that sends; ends with it.</summary>
    public static void Begin(HttpRequestMessage message)
    {
        if (message.Content is OutgoingContent { InFlight: { } body }) Slot.Value = body;
    }

    /// <summary>The provider wants no more of it.</summary>
    public void Stop() => upload?.StopForAnswer();

    /// <summary>A part of it was never written: the connection can carry no other request.</summary>
    public void Spoil(Stream connection) => _spoiled = connection;

    /// <summary>Its answer was read.</summary>
    public void End() => _spoiled?.Dispose();
}
