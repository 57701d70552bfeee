namespace Penstock.Simulator;

/// <summary>The shape of a provider's error bodies.</summary>
public enum ErrorStyle
{
    /// <summary><c>{"error":{"message","type","param","code"}}</c>.</summary>
    OpenAi,

    /// <summary><c>{"object":"error","message","type","param","code"}</c>; a wrong body gets <c>{"detail":[{"type","loc","msg"}]}</c>.</summary>
    Mistral,

    /// <summary><c>{"error":{"message","code":400,"metadata"}}</c>, the code a number.</summary>
    OpenRouter,

    /// <summary><c>{"code":"text","error":"text"}</c>.</summary>
    Xai,

    /// <summary><c>{"message","type","param","code"}</c> without an envelope.</summary>
    Root,

    /// <summary><c>{"detail":[{"loc","msg","type"}]}</c>, or <c>{"detail":"text"}</c>.</summary>
    Detail,

    /// <summary><c>{"error":{"code":"text","message"}}</c>.</summary>
    Azure,
}
