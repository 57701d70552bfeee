namespace Penstock.Simulator;

/// <summary>One server-sent event.</summary>
/// <param name="Data">May hold line feeds: each line becomes a <c>data:</c> line. Null for a comment alone.</param>
/// <param name="Name">The <c>event:</c> line.</param>
/// <param name="Comment">A comment line ahead of the event, without its colon.</param>
public sealed record SseEvent(string? Data, string? Name = null, string? Comment = null);
