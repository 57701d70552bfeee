namespace Penstock.Json;

/// <summary>A request body that cannot be served. The message states the fact; the caller answers 400 with it.</summary>
internal sealed class BodyException(string message) : Exception(message)
{
    /// <summary>The body can be read in two ways, so that it must not pass even where nothing of ours reads it.</summary>
    public bool IsAmbiguous { get; init; }
}
