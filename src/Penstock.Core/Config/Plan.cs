namespace Penstock.Config;

/// <summary>A config, validated and compiled once into an immutable tree with every setting inherited.</summary>
/// <param name="Root">The tree.</param>
/// <param name="ReadsParams">Whether a condition looks into the request body.</param>
/// <param name="LeafCount">Leaves in the whole tree.</param>
public sealed record Plan(Target Root, bool ReadsParams, int LeafCount);
