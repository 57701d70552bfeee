namespace Penstock.Pipeline;

/// <summary>A key that travels in the query of an address.</summary>
internal static class QueryKey
{
    /// <summary>Puts the key there as the only parameter of its name: of two, nobody can say which one counts.</summary>
    public static string Set(string address, string name, string key)
    {
        var question = address.IndexOf('?', StringComparison.Ordinal);
        if (question < 0) return $"{address}?{name}={Uri.EscapeDataString(key)}";
        var others = address[(question + 1)..]
            .Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(parameter => !Uri.UnescapeDataString(parameter.Split('=', 2)[0]).Equals(name, StringComparison.OrdinalIgnoreCase));
        return $"{address.AsSpan(0, question)}?{string.Concat(others.Select(parameter => parameter + "&"))}{name}={Uri.EscapeDataString(key)}";
    }
}
