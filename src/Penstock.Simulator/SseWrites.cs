namespace Penstock.Simulator;

/// <summary>Where an event stream is cut into writes.</summary>
public enum SseWrites
{
    Event,
    Line,
    Byte,

    /// <summary>All at once, as far as no pause or gate stands between.</summary>
    Burst,
}
