using System.Globalization;
using System.Text.Json;

namespace Penstock.Simulator;

/// <summary>Error objects as OpenAI words them. Source: platform.openai.com/docs/guides/error-codes.</summary>
internal static class ErrorBodies
{
    public static string ForStatus(int status) => status switch
    {
        400 => OpenAi("The request is not right.", "invalid_request_error", null, null),
        401 => OpenAi("Incorrect API key provided.", "invalid_request_error", null, "invalid_api_key"),
        403 => OpenAi("You are not allowed to use this.", "permission_error", null, null),
        404 => OpenAi("The model does not exist or you do not have access to it.", "invalid_request_error", null, "model_not_found"),
        429 => OpenAi("Rate limit reached for requests.", "requests", null, "rate_limit_exceeded"),
        503 => OpenAi("The engine is currently overloaded, please try again later.", "server_error", null, null),
        >= 500 => OpenAi("The server had an error while processing your request.", "server_error", null, null),
        _ => OpenAi(string.Create(CultureInfo.InvariantCulture, $"Status {status}."), "invalid_request_error", null, null),
    };

    public static string OpenAi(string message, string type, string? param, string? code) =>
        $$$"""{"error":{"message":{{{Quoted(message)}}},"type":{{{Quoted(type)}}},"param":{{{Quoted(param)}}},"code":{{{Quoted(code)}}}}}""";

    /// <returns>A JSON string, or null.</returns>
    public static string Quoted(string? text) =>
        text is null ? "null" : $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
