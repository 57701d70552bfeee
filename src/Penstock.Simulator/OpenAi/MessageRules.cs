using System.Text.Json;

namespace Penstock.Simulator.OpenAi;

/// <summary>The messages of a chat: roles, contents, and tool results that belong to tool calls.</summary>
internal static class MessageRules
{
    private static readonly string[] PartTypes = ["text", "image_url", "input_audio", "file", "refusal"];

    /// <exception cref="RefusedException">Status 400, with the path of what is wrong.</exception>
    public static void Check(JsonElement messages, ProviderProfile profile)
    {
        if (messages.GetArrayLength() == 0) throw new RefusedException(400, "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.", "messages", "empty_array");
        var open = new HashSet<string>();
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var path = $"messages[{index}]";
            var role = CheckRole(message, path, profile);
            if (role == "tool")
            {
                CheckToolResult(message, path, open, index);
            }
            else
            {
                if (open.Count > 0) throw Unanswered(open, path);
                CheckContent(message, path, role);
                foreach (var id in ToolCallIds(message, path, role)) open.Add(id);
            }

            index++;
        }

        if (open.Count > 0) throw Unanswered(open, "messages");
    }

    private static string CheckRole(JsonElement message, string path, ProviderProfile profile)
    {
        if (message.ValueKind != JsonValueKind.Object) throw new RefusedException(400, $"Invalid type for '{path}': expected an object, but got {Parameter.Describe(message)} instead.", path, "invalid_type");
        if (message.FindText("role") is not { } role) throw new RefusedException(400, $"Missing required parameter: '{path}.role'.", $"{path}.role", "missing_required_parameter");
        if (profile.Roles.Contains(role)) return role;
        var supported = string.Join(", ", profile.Roles.Select(static name => $"'{name}'"));
        throw new RefusedException(400, $"Invalid value: '{role}'. Supported values are: {supported}.", $"{path}.role", "invalid_value");
    }

    private static void CheckToolResult(JsonElement message, string path, HashSet<string> open, int index)
    {
        if (message.FindText("tool_call_id") is not { } id) throw new RefusedException(400, $"Missing required parameter: '{path}.tool_call_id'.", $"{path}.tool_call_id", "missing_required_parameter");
        if (!open.Remove(id)) throw new RefusedException(400, "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.", $"messages.[{index}].role");
        CheckContent(message, path, "tool");
    }

    private static RefusedException Unanswered(HashSet<string> open, string path) =>
        new(400, $"An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. Without a response: {string.Join(", ", open)}.", path);

    private static void CheckContent(JsonElement message, string path, string role)
    {
        var content = message.Find("content");
        if (content is null)
        {
            if (role is "assistant" or "function" && (message.Find("tool_calls") ?? message.Find("function_call") ?? message.Find("refusal") ?? message.Find("audio")) is not null) return;
            throw new RefusedException(400, $"Invalid value for 'content': expected a string, got null.", $"{path}.content");
        }

        if (content.Value.ValueKind == JsonValueKind.String) return;
        if (content.Value.ValueKind != JsonValueKind.Array) throw new RefusedException(400, $"Invalid type for '{path}.content': expected one of a string or array of objects, but got {Parameter.Describe(content.Value)} instead.", $"{path}.content", "invalid_type");
        var index = 0;
        foreach (var part in content.Value.EnumerateArray()) CheckPart(part, $"{path}.content[{index++}]");
    }

    private static void CheckPart(JsonElement part, string path)
    {
        if (part.FindText("type") is not { } type) throw new RefusedException(400, $"Missing required parameter: '{path}.type'.", $"{path}.type", "missing_required_parameter");
        if (!PartTypes.Contains(type)) throw new RefusedException(400, $"Invalid value: '{type}'. Supported values are: {string.Join(", ", PartTypes.Select(static name => $"'{name}'"))}.", $"{path}.type", "invalid_value");
        if (part.Find(type) is null) throw new RefusedException(400, $"Missing required parameter: '{path}.{type}'.", $"{path}.{type}", "missing_required_parameter");
        if (type == "image_url" && part.Find(type)!.Value.FindText("url") is null) throw new RefusedException(400, $"Missing required parameter: '{path}.image_url.url'.", $"{path}.image_url.url", "missing_required_parameter");
    }

    private static IEnumerable<string> ToolCallIds(JsonElement message, string path, string role)
    {
        var index = 0;
        foreach (var call in message.Items("tool_calls"))
        {
            var at = $"{path}.tool_calls[{index++}]";
            if (role != "assistant") throw new RefusedException(400, $"Only an assistant message may have 'tool_calls'.", at);
            if (call.FindText("id") is not { } id) throw new RefusedException(400, $"Missing required parameter: '{at}.id'.", $"{at}.id", "missing_required_parameter");
            if (call.FindText("type") != "function") throw new RefusedException(400, $"Missing required parameter: '{at}.type'.", $"{at}.type", "missing_required_parameter");
            if (call.Find("function") is not { } function || function.FindText("name") is null) throw new RefusedException(400, $"Missing required parameter: '{at}.function.name'.", $"{at}.function.name", "missing_required_parameter");
            if (function.FindText("arguments") is null) throw new RefusedException(400, $"Invalid type for '{at}.function.arguments': expected a string.", $"{at}.function.arguments", "invalid_type");
            yield return id;
        }
    }
}
