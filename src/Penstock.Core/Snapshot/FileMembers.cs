using System.Collections.Immutable;

namespace Penstock.Snapshot;

/// <summary>The members that <c>penstock.json</c> may have. <c>schemas/penstock.schema.json</c> lists the same.</summary>
internal static class FileMembers
{
    public static ImmutableArray<string> Root { get; } =
    [
        "$schema", "listen", "providers", "default_config", "configs", "trusted_hosts", "cors_origins", "allowed_hosts", "limits", "timeouts", "shutdown_grace_ms",
    ];

    public static ImmutableArray<string> Limits { get; } = ["json_bytes", "multipart_bytes", "upload_bytes", "replay_bytes"];

    public static ImmutableArray<string> Timeouts { get; } = ["connect_ms", "headers_ms", "first_token_ms", "idle_ms", "total_ms", "client_ms"];
}
