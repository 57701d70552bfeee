using System.Globalization;

namespace Penstock.Simulator.OpenAi;

/// <summary>The headers that OpenAI puts on every answer.</summary>
internal static class StandardHeaders
{
    public static HttpReply Add(HttpReply reply, ReceivedRequest request) => reply with
    {
        Headers = reply.Headers.AddRange(
        [
            new("x-request-id", string.Create(CultureInfo.InvariantCulture, $"req_sim{request.Number}")),
            new("openai-version", "2020-10-01"),
            new("openai-processing-ms", "1"),
            new("x-ratelimit-limit-requests", "10000"),
            new("x-ratelimit-remaining-requests", "9999"),
            new("x-ratelimit-reset-requests", "6ms"),
            new("x-ratelimit-limit-tokens", "2000000"),
            new("x-ratelimit-remaining-tokens", "1999990"),
            new("x-ratelimit-reset-tokens", "0s"),
        ]),
    };
}
