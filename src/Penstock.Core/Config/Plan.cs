namespace Penstock.Config;

/// <summary>A config, validated and compiled once into an immutable tree with every setting inherited.</summary>
/// <param name="Patterns">How many regular expressions it holds: they are what makes a plan large.</param>
internal sealed record Plan(Target Root, int Patterns = 0);
