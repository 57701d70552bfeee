using System.Text.Json;

namespace Penstock.Json;

/// <summary>Where a top-level member of a body stands, in bytes; ends are exclusive.</summary>
/// <param name="NameStart">First byte inside the quotes.</param>
/// <param name="NameEnd">The closing quote.</param>
/// <param name="ValueStart">First byte of the value, its quote or bracket included.</param>
/// <param name="ValueEnd">The byte after the value.</param>
/// <param name="NameEscaped">Whether the name holds escapes.</param>
/// <param name="Kind">First token of the value.</param>
internal readonly record struct BodyMember(int NameStart, int NameEnd, int ValueStart, int ValueEnd, bool NameEscaped, JsonTokenType Kind);
