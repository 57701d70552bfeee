namespace Penstock.Config;

/// <summary>A config, validated and compiled once into an immutable tree with every setting inherited.</summary>
internal sealed record Plan(Target Root);
