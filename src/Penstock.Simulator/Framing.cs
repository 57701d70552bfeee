namespace Penstock.Simulator;

/// <summary>How the length of an answer's body is told.</summary>
public enum Framing
{
    ContentLength,
    Chunked,

    /// <summary>The body ends where the connection ends.</summary>
    UntilClose,

    /// <summary>No head is written: the bytes stand for themselves, then the connection closes.</summary>
    Raw,
}
