using System.Text.Json;

namespace Penstock.Config;

/// <summary>What conditions may look at. Each is read only if a condition asks for it.</summary>
internal interface IRoutingFacts
{
    /// <summary>The request's JSON object as the caller sent it; undefined when the body is not JSON.</summary>
    JsonElement Params { get; }

    /// <summary>The caller's metadata object; undefined when there is none.</summary>
    JsonElement Metadata { get; }

    /// <summary>Path of the request, <c>/v1/chat/completions</c>.</summary>
    string PathName { get; }

    /// <summary>What may be spent on looking.</summary>
    WorkBudget Budget { get; }

    /// <summary>A request header, or null.</summary>
    string? Header(string name);
}
