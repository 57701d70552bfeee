namespace Penstock.Json;

/// <summary>A document that could not be read. The message states the fact; the place is beside it.</summary>
internal sealed class JsonTextException(string message, int line, int column) : Exception(message)
{
    /// <summary>From 1.</summary>
    public int Line { get; } = line;

    /// <summary>From 1, in bytes.</summary>
    public int Column { get; } = column;
}
