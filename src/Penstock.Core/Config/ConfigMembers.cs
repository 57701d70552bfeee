namespace Penstock.Config;

/// <summary>
/// Every member that the compiler knows, by the object it stands in. The compiler can read no other, and
/// <c>schemas/config.schema.json</c> lists the same.
/// </summary>
internal static class ConfigMembers
{
    /// <summary>Members that ask for a guardrail or mutator.</summary>
    public static IReadOnlyList<string> Guardrails { get; } =
    [
        "input_guardrails", "output_guardrails", "before_request_hooks", "after_request_hooks", "input_mutators", "output_mutators",
        "default_input_guardrails", "default_output_guardrails",
    ];

    /// <summary>Members that refer to what a control plane keeps.</summary>
    public static IReadOnlyList<string> Stored { get; } = ["virtual_key", "prompt_id"];

    /// <summary>Members that are accepted and change nothing.</summary>
    public static IReadOnlyList<string> WithoutEffect { get; } = ["$schema", "id", "is_open", "cb_config", "passthrough", "on_status_codes"];

    /// <summary>A config, or a target of one: the same schema holds at every level.</summary>
    public static MemberNames Config { get; } = new(
    [
        "strategy", "targets", "name", "weight", "provider", "api_key", "override_params", "default_params", "drop_params",
        "retry", "request_timeout", "timeouts", "cache", "custom_host", "forward_headers", "strict_open_ai_compliance",
        "options", .. Guardrails, .. Stored, .. WithoutEffect,
    ]);

    public static MemberNames Strategy { get; } = new(["mode", "on_status_codes", "conditions", "default", "sticky", "cb_config"]);

    /// <summary>One item of <c>strategy.conditions</c>.</summary>
    public static MemberNames Condition { get; } = new(["query", "then"]);

    public static MemberNames Retry { get; } = new(["attempts", "on_status_codes", "use_retry_after_header", "use_retry_after_headers", "backoff"]);

    public static MemberNames Cache { get; } = new(["mode", "max_age"]);

    public static MemberNames Timeouts { get; } = new(["connect_ms", "headers_ms", "first_token_ms", "idle_ms", "total_ms"]);

    public static IReadOnlyList<string> Modes { get; } = ["single", "fallback", "loadbalance", "conditional"];

    /// <summary>What joins whole queries.</summary>
    public static IReadOnlyList<string> QueryOperators { get; } = ["$and", "$or", "$not"];

    /// <summary>What judges one value.</summary>
    public static IReadOnlyList<string> ValueOperators { get; } =
        ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$regex", "$exists", "$not"];
}
