using System.Globalization;

namespace Penstock.Simulator.OpenAi;

/// <summary>A refusal in the words of the provider that is simulated.</summary>
internal static class ProviderErrors
{
    public static HttpReply Write(RefusedException refused, ProviderProfile profile)
    {
        var status = refused.Status == 400 ? profile.InvalidStatus : refused.Status;
        return Reply.Json(Body(refused, profile.Errors, status), status);
    }

    private static string Body(RefusedException refused, ErrorStyle style, int status)
    {
        var message = ErrorBodies.Quoted(refused.Message);
        var type = ErrorBodies.Quoted(refused.Type);
        var param = ErrorBodies.Quoted(refused.Param);
        var code = ErrorBodies.Quoted(refused.Code);
        var number = status.ToString(CultureInfo.InvariantCulture);
        var location = refused.Param is null ? "[\"body\"]" : $"[\"body\",{param}]";
        return style switch
        {
            ErrorStyle.Mistral when status == 422 => $$$"""{"detail":[{"type":{{{code}}},"loc":{{{location}}},"msg":{{{message}}}}]}""",
            ErrorStyle.Mistral => $$$"""{"object":"error","message":{{{message}}},"type":{{{type}}},"param":{{{param}}},"code":{{{code}}}}""",
            ErrorStyle.OpenRouter => $$$$"""{"error":{"message":{{{{message}}}},"code":{{{{number}}}},"metadata":{"provider_name":"sim"}}}""",
            ErrorStyle.Xai => $$$"""{"code":{{{ErrorBodies.Quoted(refused.Code ?? "Client specified an invalid argument")}}},"error":{{{message}}}}""",
            ErrorStyle.Root => $$$"""{"message":{{{message}}},"type":{{{type}}},"param":{{{param}}},"code":{{{code}}}}""",
            ErrorStyle.Detail when status == 422 => $$$"""{"detail":[{"loc":{{{location}}},"msg":{{{message}}},"type":{{{code}}}}]}""",
            ErrorStyle.Detail => $$$"""{"detail":{{{message}}}}""",
            ErrorStyle.Azure => $$$"""{"error":{"code":{{{ErrorBodies.Quoted(refused.Code ?? number)}}},"message":{{{message}}}}}""",
            _ => ErrorBodies.OpenAi(refused.Message, refused.Type, refused.Param, refused.Code),
        };
    }
}
