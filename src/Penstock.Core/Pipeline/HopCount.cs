using Microsoft.AspNetCore.Http;

namespace Penstock.Pipeline;

/// <summary>
/// How many Penstocks a request has come through, in a header that every upstream call carries. A custom host or a row that
/// leads back to Penstock would send a request round for ever; one gateway behind another is fine.
/// </summary>
internal static class HopCount
{
    public const string Header = "x-penstock-hops";

    /// <summary>A request that came through so many is sent no further.</summary>
    public const int Max = 4;

    private static readonly string[] Texts = ["1", "2", "3", "4"];

    /// <returns>Null, or why the request is not served.</returns>
    public static GatewayError? Check(IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(Header, out var values)) return null;
        var hops = Array.IndexOf(Texts, values.ToString()) + 1;
        if (hops == 0) return GatewayError.BadRequest($"The header '{Header}' counts the Penstock gateways on a request's way, from 1 to {Max}. Leave it to them.", Header, "invalid_hops");
        return hops < Max
            ? null
            : new GatewayError(
                508,
                $"The request has come through {Max} Penstock gateways: a custom host or a provider's 'base_url' leads back to Penstock. Point it at the provider itself.",
                GatewayError.InvalidRequest,
                "loop_detected");
    }

    /// <summary>What the next one is told. Only for requests that were checked.</summary>
    public static string Next(IHeaderDictionary headers) =>
        headers.TryGetValue(Header, out var values) ? Texts[Array.IndexOf(Texts, values.ToString()) + 1] : Texts[0];
}
