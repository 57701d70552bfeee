using System.Buffers;
using System.Runtime.CompilerServices;

namespace Penstock.Providers;

/// <summary>
/// Fills templates of an address. A value that could lead to another host or path is refused, never repaired: an
/// <c>aws_region</c> of <c>evil.com/#</c> is a fault.
/// </summary>
internal static class AddressText
{
    private static readonly SearchValues<char> Token = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly SearchValues<char> HostPart = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>What RFC 3986 lets stand in a path as it is and model names use: <c>@cf/meta/llama</c>, <c>owner/name:free</c>.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-~");

    private static readonly SearchValues<char> PlainWithSlashes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-~/@:");

    /// <returns>Null, or why the template cannot be filled.</returns>
    public static string? Append(
        ref DefaultInterpolatedStringHandler text,
        Template template,
        ProviderRow row,
        IReadOnlyDictionary<string, string> options,
        string? model)
    {
        foreach (var part in template.Parts)
        {
            var name = part.Find(options, model, out var value);
            switch (name)
            {
                case null:
                    return Missing(row, part.Names[0]);
                case "":
                    text.AppendLiteral(value);
                    break;
                case Template.Model:
                    AppendModel(ref text, value, part.Place == TemplatePlace.Slashes ? PlainWithSlashes : Plain);
                    break;
                default:
                    if (Check(part.Place, name, value) is { } fault) return fault;
                    text.AppendFormatted(part.Place == TemplatePlace.Start ? value.AsSpan().TrimEnd('/') : value);
                    break;
            }
        }

        return null;
    }

    private static string? Check(TemplatePlace place, string name, string value) => place switch
    {
        TemplatePlace.Host => value.AsSpan().ContainsAnyExcept(HostPart) ? $"The option '{name}' may hold letters, digits and '-' only, since it is part of a host name." : null,
        TemplatePlace.Start => IsUrl(value) ? null : $"The option '{name}' must be an absolute http or https URL without a query.",
        _ => value.AsSpan().ContainsAnyExcept(Token) ? $"The option '{name}' may hold letters, digits, '.', '_' and '-' only, since it is part of an address." : null,
    };

    private static bool IsUrl(string value) =>
        !value.AsSpan().ContainsAny("?#@\\")
        && !value.AsSpan().ContainsAnyExceptInRange('!', '~')
        && Uri.TryCreate(value, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);

    private static string Missing(ProviderRow row, string name)
    {
        if (name == Template.Model) return $"The provider '{row.Id}' needs a model in the request: it is part of the address.";
        var header = row.Options.TryGetValue(name, out var option) && option.Headers is [var first, ..] ? $", or send the header '{first}'" : "";
        return $"The provider '{row.Id}' needs the option '{name}': set it in the target{header}.";
    }

    private static void AppendModel(ref DefaultInterpolatedStringHandler text, ReadOnlySpan<char> model, SearchValues<char> plain)
    {
        while (model.Length > 0)
        {
            var length = model.IndexOfAnyExcept(plain);
            if (length < 0) length = model.Length;
            text.AppendFormatted(model[..length]);
            model = model[length..];
            length = model.IndexOfAny(plain);
            if (length < 0) length = model.Length;
            if (length > 0) text.AppendFormatted(Uri.EscapeDataString(model[..length]));
            model = model[length..];
        }
    }
}
