using System.Collections.Immutable;
using System.Text.Json;
using Penstock.Json;

namespace Penstock.Snapshot;

/// <summary>The members that <c>penstock.json</c> may have. <c>schemas/penstock.schema.json</c> lists the same.</summary>
internal static class FileMembers
{
    public static ImmutableArray<string> Root { get; } =
    [
        "$schema", "listen", "providers", "default_config", "configs", "trusted_hosts", "cors_origins", "limits", "timeouts", "shutdown_grace_ms",
    ];

    public static ImmutableArray<string> Limits { get; } = ["json_bytes", "multipart_bytes", "upload_bytes", "replay_bytes"];

    public static ImmutableArray<string> Timeouts { get; } = ["connect_ms", "headers_ms", "first_token_ms", "idle_ms", "total_ms"];

    /// <summary>Notes a fault when the part is no object, and one for every member that nobody would read.</summary>
    public static void Check(JsonPart part, ImmutableArray<string> known, string path, JsonFaults faults)
    {
        if (part.Kind != JsonValueKind.Object)
        {
            faults.Add(path, "An object was expected here.", part);
            return;
        }

        foreach (var (name, value) in part.Members)
        {
            if (known.Contains(name)) continue;
            var hint = NearName.Find(name, known) is { } near ? $"Did you mean '{near}'?" : $"The known ones are {string.Join(", ", known)}.";
            faults.Add(JsonFaults.Join(path, name), $"Unknown member '{name}'. {hint}", value);
        }
    }
}
