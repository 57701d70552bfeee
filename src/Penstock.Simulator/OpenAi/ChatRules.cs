using System.Text.Json;

namespace Penstock.Simulator.OpenAi;

/// <summary>What a chat request must fulfil as a whole, beyond each parameter on its own.</summary>
internal static class ChatRules
{
    private static readonly string[] ReasoningModels = ["o1", "o3", "o4", "gpt-5"];

    /// <exception cref="RefusedException">Status 400.</exception>
    public static void Check(JsonElement body, ProviderProfile profile)
    {
        Parameters.CheckChat(body, profile);
        if (body.Find("messages") is not { } messages) throw new RefusedException(400, "Missing required parameter: 'messages'.", "messages", "missing_required_parameter");
        MessageRules.Check(messages, profile);
        CheckTools(body, profile);
        CheckStream(body);
        CheckLimits(body);
        CheckFormat(body, messages);
        if (body.Find("top_logprobs") is not null && !body.IsTrue("logprobs")) throw new RefusedException(400, "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.", "top_logprobs");
    }

    private static void CheckTools(JsonElement body, ProviderProfile profile)
    {
        if (body.Find("tools") is not { } tools)
        {
            foreach (var name in (string[])["tool_choice", "parallel_tool_calls"])
            {
                if (body.Find(name) is not null) throw new RefusedException(400, $"Invalid value for '{name}': '{name}' is only allowed when 'tools' are specified.", name);
            }

            return;
        }

        if (tools.GetArrayLength() == 0) throw new RefusedException(400, "Invalid 'tools': empty array. Expected an array with minimum length 1.", "tools", "empty_array");
        var index = 0;
        foreach (var tool in tools.EnumerateArray())
        {
            var path = $"tools[{index++}]";
            if (tool.FindText("type") is not { } type) throw new RefusedException(400, $"Missing required parameter: '{path}.type'.", $"{path}.type", "missing_required_parameter");
            if (type != "function") throw new RefusedException(400, $"Invalid value: '{type}'. Supported values are: 'function'.", $"{path}.type", "invalid_value");
            if (tool.Find("function") is not { } function || function.FindText("name") is null) throw new RefusedException(400, $"Missing required parameter: '{path}.function.name'.", $"{path}.function.name", "missing_required_parameter");
        }

        if (body.FindText("tool_choice") is { } choice && !profile.ToolChoices.Contains(choice))
        {
            var supported = string.Join(", ", profile.ToolChoices.Select(static name => $"'{name}'"));
            throw new RefusedException(400, $"Invalid value: '{choice}'. Supported values are: {supported}.", "tool_choice", "invalid_value");
        }
    }

    private static void CheckStream(JsonElement body)
    {
        if (body.Find("stream_options") is not { } options) return;
        if (!body.IsTrue("stream")) throw new RefusedException(400, "The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
        foreach (var option in options.EnumerateObject())
        {
            if (option.Name is not ("include_usage" or "include_obfuscation")) throw new RefusedException(400, $"Unknown parameter: 'stream_options.{option.Name}'.", $"stream_options.{option.Name}", "unknown_parameter");
        }
    }

    private static void CheckLimits(JsonElement body)
    {
        if (body.Find("max_tokens") is null) return;
        if (body.Find("max_completion_tokens") is not null) throw new RefusedException(400, "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", "max_tokens", "invalid_parameter_combination");
        var model = body.FindText("model") ?? "";
        if (ReasoningModels.Any(prefix => model.StartsWith(prefix, StringComparison.Ordinal)))
        {
            throw new RefusedException(400, "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "max_tokens", "unsupported_parameter");
        }
    }

    private static void CheckFormat(JsonElement body, JsonElement messages)
    {
        if (body.Find("response_format") is not { } format) return;
        var type = format.FindText("type");
        if (type is null) throw new RefusedException(400, "Missing required parameter: 'response_format.type'.", "response_format.type", "missing_required_parameter");
        if (type is not ("text" or "json_object" or "json_schema")) throw new RefusedException(400, $"Invalid value: '{type}'. Supported values are: 'json_object', 'json_schema', and 'text'.", "response_format.type", "invalid_value");
        if (type == "json_object" && !messages.GetRawText().Contains("json", StringComparison.OrdinalIgnoreCase))
        {
            throw new RefusedException(400, "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.", "messages");
        }

        if (type != "json_schema") return;
        if (format.Find("json_schema") is not { } schema) throw new RefusedException(400, "Missing required parameter: 'response_format.json_schema'.", "response_format.json_schema", "missing_required_parameter");
        foreach (var name in (string[])["name", "schema"])
        {
            if (schema.Find(name) is null) throw new RefusedException(400, $"Missing required parameter: 'response_format.json_schema.{name}'.", $"response_format.json_schema.{name}", "missing_required_parameter");
        }
    }
}
