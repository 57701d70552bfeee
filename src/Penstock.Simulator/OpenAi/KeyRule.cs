using System.Web;

namespace Penstock.Simulator.OpenAi;

/// <summary>The API key, at its place.</summary>
internal static class KeyRule
{
    /// <exception cref="RefusedException">Status 401.</exception>
    public static void Check(ReceivedRequest request, SimulatorOptions options)
    {
        if (options.ApiKey is null) return;
        var place = options.KeyPlace ?? options.Profile.KeyPlace;
        var key = Find(request, place);
        if (key is null) throw new RefusedException(401, $"You didn't provide an API key. It is expected {Describe(place)}.");
        if (key != options.ApiKey) throw new RefusedException(401, "Incorrect API key provided.", code: "invalid_api_key");
    }

    private static string? Find(ReceivedRequest request, KeyPlace place) => place switch
    {
        KeyPlace.ApiKeyHeader => request.Headers["api-key"] ?? Bearer(request),
        KeyPlace.XApiKeyHeader => request.Headers["x-api-key"],
        KeyPlace.Query => HttpUtility.ParseQueryString(request.Query)["key"],
        _ => Bearer(request),
    };

    private static string? Bearer(ReceivedRequest request) =>
        request.Headers["Authorization"] is { } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value[7..] : null;

    private static string Describe(KeyPlace place) => place switch
    {
        KeyPlace.ApiKeyHeader => "in the header 'api-key'",
        KeyPlace.XApiKeyHeader => "in the header 'x-api-key'",
        KeyPlace.Query => "in the query as 'key'",
        _ => "in the Authorization header as a Bearer token",
    };
}
