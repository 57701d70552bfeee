using System.Runtime.CompilerServices;

namespace Penstock.Providers;

/// <summary>The address of an upstream call: the base, the operation's path, and both queries.</summary>
internal static class UpstreamAddress
{
    private const string Version = "/v1";

    /// <param name="row">The row, or the variant that the options ask for.</param>
    /// <param name="rawTarget">Path and query as the client sent them.</param>
    /// <param name="model">The model that will be sent, or null.</param>
    /// <param name="customHost">Replaces the whole base, its path included.</param>
    /// <param name="fault">What is wrong with the request or its target; the provider cannot be called.</param>
    public static bool TryBuild(
        ProviderRow row,
        Operation operation,
        string rawTarget,
        IReadOnlyDictionary<string, string> options,
        string? model,
        string? customHost,
        out string address,
        out string fault)
    {
        fault = "";
        var place = row.Addresses[operation];
        if (customHost is null && place.Ready is { } ready && place.IsPlain(rawTarget))
        {
            address = ready;
            return true;
        }

        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[512]);
        var problem = Refusal(row, place, customHost)
            ?? Append(ref text, row, place, new RequestTarget(rawTarget), options, model, customHost);
        address = problem is null ? text.ToStringAndClear() : "";
        if (problem is null) return true;
        text.Clear();
        fault = problem;
        return false;
    }

    /// <summary>A version that ends the base and begins the path is one: SDKs of other vendors bring their own <c>/v1</c>.</summary>
    public static string Join(string root, string path) => string.Concat(root.AsSpan().TrimEnd('/'), Below(root.AsSpan().TrimEnd('/'), path));

    private static string? Refusal(ProviderRow row, OperationPlace place, string? customHost)
    {
        if (!place.IsOffered) return $"The provider '{row.Id}' does not offer {place.Facts!.Words}.";
        if (customHost is not null)
        {
            return customHost.AsSpan().ContainsAny('?', '#') ? "A custom host must have no query and no fragment."
                : RequestTarget.HasDotSegments(customHost) ? "A custom host must have no '.' or '..' segment in its path."
                : null;
        }

        if (row.Retired is not null) return $"The provider '{row.Id}' cannot be reached any more: {row.Retired} A server of your own that speaks its API can be named by 'custom_host'.";
        return place.Base is null ? $"The provider '{row.Id}' has no address of its own: set 'custom_host' in the target, or send the header 'x-portkey-custom-host'." : null;
    }

    private static string? Append(
        ref DefaultInterpolatedStringHandler text,
        ProviderRow row,
        OperationPlace place,
        RequestTarget target,
        IReadOnlyDictionary<string, string> options,
        string? model,
        string? customHost)
    {
        if (target.HasForbiddenCharacters) return "The path or query of the request holds a character that no URL may hold, such as a control character or '#'. Escape it.";
        if (RequestTarget.HasDotSegments(target.Path)) return "The path of the request holds a '.' or '..' segment.";
        if (customHost is not null) text.AppendFormatted(customHost.AsSpan().TrimEnd('/'));
        else if (AddressText.Append(ref text, place.Base!, row, options, model) is { } fault) return fault;
        else if (!place.Base!.IsFixed && !Uri.TryCreate(text.Text.ToString(), UriKind.Absolute, out _)) return $"The options of the target give the provider '{row.Id}' an address that is no valid URL.";
        else if (!place.Base!.IsFixed && RequestTarget.HasDotSegments(text.Text)) return "An option would add a '.' or '..' segment to the address.";

        if (place.Facts is not { } facts)
        {
            AppendPath(ref text, target.Passed);
        }
        else
        {
            if (!TryFill(place.Path, row, options, model, out var path, out var fault)) return fault;
            if (!place.Path.IsFixed && RequestTarget.HasDotSegments(path)) return "The model or an option would add a '.' or '..' segment to the path.";
            AppendPath(ref text, path);
            if (facts.IsTree) text.AppendFormatted(target.Tail);
        }

        return AppendQueries(ref text, row, place, target.Query, options, model);
    }

    private static void AppendPath(ref DefaultInterpolatedStringHandler text, ReadOnlySpan<char> path) =>
        text.AppendFormatted(path.IsEmpty ? "/" : Below(text.Text, path));

    private static ReadOnlySpan<char> Below(ReadOnlySpan<char> root, ReadOnlySpan<char> path) =>
        root.EndsWith(Version, StringComparison.Ordinal)
        && path.StartsWith(Version, StringComparison.Ordinal)
        && (path.Length == Version.Length || path[Version.Length] == '/')
            ? path[Version.Length..]
            : path;

    /// <summary>The row's parameters, but for those that the client's query names too, and then the client's.</summary>
    private static string? AppendQueries(
        ref DefaultInterpolatedStringHandler text,
        ProviderRow row,
        OperationPlace place,
        ReadOnlySpan<char> query,
        IReadOnlyDictionary<string, string> options,
        string? model)
    {
        var separator = "?";
        if (place.Query is not null)
        {
            if (!TryFill(place.Query, row, options, model, out var own, out var fault)) return fault;
            AppendParameters(ref text, own, query, ref separator);
        }

        if (row.Query is not null && row.Query.Names.All(options.ContainsKey))
        {
            if (!TryFill(row.Query, row, options, model, out var common, out var fault)) return fault;
            AppendParameters(ref text, common, query, ref separator);
        }

        if (query.IsEmpty) return null;
        text.AppendLiteral(separator);
        text.AppendFormatted(query);
        return null;
    }

    private static void AppendParameters(ref DefaultInterpolatedStringHandler text, ReadOnlySpan<char> parameters, ReadOnlySpan<char> query, ref string separator)
    {
        foreach (var range in parameters.Split('&'))
        {
            var parameter = parameters[range];
            if (parameter.IsEmpty || Has(query, NameOf(parameter))) continue;
            text.AppendLiteral(separator);
            text.AppendFormatted(parameter);
            separator = "&";
        }
    }

    private static bool Has(ReadOnlySpan<char> query, ReadOnlySpan<char> name)
    {
        foreach (var range in query.Split('&'))
        {
            if (NameOf(query[range]).SequenceEqual(name)) return true;
        }

        return false;
    }

    private static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> parameter) =>
        parameter.IndexOf('=') is var end and >= 0 ? parameter[..end] : parameter;

    private static bool TryFill(
        Template template,
        ProviderRow row,
        IReadOnlyDictionary<string, string> options,
        string? model,
        out string value,
        out string? fault)
    {
        fault = null;
        value = template.Text;
        if (template.IsFixed) return true;
        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[256]);
        fault = AddressText.Append(ref text, template, row, options, model);
        value = text.ToStringAndClear();
        return fault is null;
    }
}
