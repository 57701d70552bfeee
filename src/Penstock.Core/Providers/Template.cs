namespace Penstock.Providers;

internal static class Template
{
    public static bool TryFill(string template, IReadOnlyDictionary<string, string> options, out string value)
    {
        value = template;
        while (value.IndexOf('{', StringComparison.Ordinal) is var start and >= 0)
        {
            var end = value.IndexOf('}', start);
            if (!options.TryGetValue(value[(start + 1)..end], out var text)) return false;
            value = value[..start] + text + value[(end + 1)..];
        }

        return true;
    }

    public static string Fill(string template, IReadOnlyDictionary<string, string> options) => TryFill(template, options, out var value) ? value : template;
}
