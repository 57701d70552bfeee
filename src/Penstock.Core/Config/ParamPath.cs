namespace Penstock.Config;

/// <summary>A path into a JSON body, for <c>drop_params</c>.</summary>
/// <param name="Text">As written.</param>
/// <param name="Steps">A name, an index, or null for "every item".</param>
public sealed record ParamPath(string Text, IReadOnlyList<PathStep> Steps);

/// <param name="Name">Member name, or null for an array step.</param>
/// <param name="Index">Item, or null for every item; only with a null name.</param>
public readonly record struct PathStep(string? Name, int? Index);
