using System.Collections.Frozen;
using System.Collections.Immutable;
using Penstock.Auth;
using Penstock.Json;

namespace Penstock.Providers;

/// <summary>Reads the templates of a row and holds them against the options that it declares.</summary>
internal sealed class RowTemplates(FrozenDictionary<string, ProviderOption> options)
{
    /// <summary>The address of a server, or the option that holds one.</summary>
    public Template? Base(StrictObject part, string name)
    {
        if (Read(part, name, part.Text(name)?.TrimEnd('/'), allowsModel: false) is not { } template) return null;
        if (template.Parts is [{ Place: TemplatePlace.Start, Names.IsEmpty: false } first, ..])
        {
            if (first.Names.All(option => options[option].IsUrl)) return template;
            part.Fault(name, $"The option '{first.Names[0]}' stands for a whole URL here: declare it with \"url\": true.");
            return null;
        }

        if (IsBase(template.Text, out var host) && !host.EndsWith('}')) return template;
        part.Fault(name, host.EndsWith('}')
            ? "The host must end in fixed text: otherwise an option could send requests, and their keys, anywhere."
            : "An absolute http or https URL without a query was expected here, such as 'https://api.example.com/v1'.");
        return null;
    }

    /// <summary>A path, with a query behind it if it has one.</summary>
    public Template? Path(StrictObject part, string name, string? text)
    {
        if (Read(part, name, text, allowsModel: true) is not { } template) return null;
        var question = text!.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? text : text[..question];
        if (path.StartsWith('/') && !RequestTarget.HasDotSegments(path) && !text.AsSpan().ContainsAny('#', ' ', '\\') && HeaderGate.IsSafe(text)) return template;
        part.Fault(name, "A path that begins with '/' and has no '.' or '..' segments was expected here, such as '/v1/chat/completions'.");
        return null;
    }

    public Template? Query(StrictObject part, string name)
    {
        if (Read(part, name, part.Text(name), allowsModel: false) is not { } template) return null;
        if (template.Text.Contains('=', StringComparison.Ordinal) && !template.Text.AsSpan().ContainsAny('?', '#', ' ') && HeaderGate.IsSafe(template.Text) && template.Parts[0].Names.IsEmpty) return template;
        part.Fault(name, "Parameters were expected here, such as 'api-version={api_version}'.");
        return null;
    }

    public Template? Model(StrictObject part, string name) => Read(part, name, part.Text(name), allowsModel: false);

    /// <summary>Text of a header.</summary>
    public Template? Header(StrictObject headers, string name, string text)
    {
        if (HeaderGate.IsSafe(text)) return Read(headers, name, text, allowsModel: false);
        headers.Fault(name, "A header must hold no control characters.");
        return null;
    }

    private Template? Read(StrictObject part, string name, string? text, bool allowsModel)
    {
        if (text is null) return null;
        try
        {
            var template = Template.Parse(text);
            foreach (var placeholder in template.Names)
            {
                if ((allowsModel && placeholder == Template.Model) || options.ContainsKey(placeholder)) continue;
                part.Fault(name, Unknown(placeholder, allowsModel));
                return null;
            }

            return template;
        }
        catch (FormatException e)
        {
            part.Fault(name, e.Message);
            return null;
        }
    }

    private string Unknown(string placeholder, bool allowsModel)
    {
        ImmutableArray<string> known = allowsModel ? [.. options.Keys, Template.Model] : options.Keys;
        return Spelling.DidYouMean(placeholder, known) is { } hint
            ? $"There is no option '{ShortText.Of(placeholder)}'. {hint}"
            : $"There is no option '{ShortText.Of(placeholder)}': declare it in 'options'.";
    }

    /// <summary>Whether it is one when every placeholder is a letter.</summary>
    private static bool IsBase(string text, out string host)
    {
        host = "";
        var start = text.IndexOf("://", StringComparison.Ordinal);
        if (start < 0 || text.AsSpan().ContainsAny("?#@\\ ") || !HeaderGate.IsSafe(text)) return false;
        host = text[(start + 3)..].Split('/')[0];
        var example = string.Concat(Template.Parse(text).Parts.Select(part => part.Names.IsEmpty ? part.Literal : "x"));
        return Uri.TryCreate(example, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            && !RequestTarget.HasDotSegments(uri.AbsolutePath);
    }
}
