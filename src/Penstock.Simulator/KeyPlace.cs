namespace Penstock.Simulator;

/// <summary>How an API key travels.</summary>
public enum KeyPlace
{
    /// <summary><c>Authorization: Bearer KEY</c>.</summary>
    Bearer,

    /// <summary><c>api-key: KEY</c>; Azure, which takes a Bearer token too.</summary>
    ApiKeyHeader,

    /// <summary><c>x-api-key: KEY</c>.</summary>
    XApiKeyHeader,

    /// <summary><c>?key=KEY</c>.</summary>
    Query,
}
