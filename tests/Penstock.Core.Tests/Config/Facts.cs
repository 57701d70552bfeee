using System.Text.Json;
using Penstock.Config;

namespace Penstock.Core.Tests.Config;

/// <summary>A request, as conditions see it.</summary>
internal sealed class Facts : IRoutingFacts
{
    public JsonElement Params { get; init; }

    public JsonElement Metadata { get; init; }

    public string PathName { get; init; } = "/v1/chat/completions";

    public WorkBudget Budget { get; } = new();

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public static Facts Of(string body = "{}", string? metadata = null) => new()
    {
        Params = Json(body),
        Metadata = metadata is null ? default : Json(metadata),
    };

    private static JsonElement Json(string text) => JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 256 }).RootElement;
}
