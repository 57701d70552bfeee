using System.Text.Json;
using Penstock.Json;

namespace Penstock.Config;

/// <summary>
/// What a config can ask for and this version does not have. It is refused, never ignored: a safety check that is left
/// out in silence, or a call without the stored key, would be worse than an error.
/// </summary>
internal static class UnsupportedMembers
{
    public static void Check(ConfigObject node)
    {
        foreach (var name in ConfigMembers.Guardrails)
        {
            if (node.Array(name) is not { Count: > 0 }) continue;
            node.Fault(name, $"Guardrails are not supported in this version, and a config that asks for them is refused rather than run without them. Take '{name}' out.");
        }

        foreach (var name in ConfigMembers.Stored)
        {
            if (node.Get(name) is not { } part || part.IsNull || part.Text is "") continue;
            node.Fault(name, name == "prompt_id"
                ? "'prompt_id' names a stored prompt, and this version stores none. Send the messages themselves."
                : $"'{name}' names a stored key, and this version stores none. Give 'provider' and 'api_key'.");
        }

        if (node.Get("options") is { } options && !options.IsNull && options.Kind != JsonValueKind.False)
        {
            node.Fault("options", "'options' belongs to an older config format. Use 'strategy' and 'targets'.");
        }
    }

    /// <summary>A model may name a stored key too: <c>@slug/model</c>. Workers AI's own names begin with <c>@cf/</c> or <c>@hf/</c>.</summary>
    /// <param name="name">The member that holds parameters.</param>
    public static void CheckModel(ConfigObject node, string name)
    {
        if (node.Get(name)?["model"]?.Text is not { } model || !model.StartsWith('@') || !model.Contains('/')) return;
        if (model.StartsWith("@cf/", StringComparison.Ordinal) || model.StartsWith("@hf/", StringComparison.Ordinal)) return;
        node.Fault(name, $"The model '{ShortText.Of(model)}' names a stored key before its slash, and this version stores none. Give 'provider' and 'api_key', and the model's name alone.");
    }
}
