using System.Text;
using System.Text.RegularExpressions;

namespace Penstock.Simulator.OpenAi;

/// <summary>A multipart/form-data body, read to the letter of RFC 7578: what a careless relay breaks is an error here.</summary>
internal sealed partial class MultipartForm
{
    private readonly List<MultipartPart> _parts;

    private MultipartForm(List<MultipartPart> parts) => _parts = parts;

    /// <exception cref="RefusedException">Status 400.</exception>
    public static MultipartForm Read(ReceivedRequest request)
    {
        var type = request.Headers["Content-Type"] ?? "";
        var boundary = BoundaryPattern().Match(type);
        if (!type.StartsWith("multipart/form-data;", StringComparison.OrdinalIgnoreCase) || !boundary.Success) throw new RefusedException(400, $"Unsupported content type: '{type}'. This API method only accepts 'multipart/form-data' requests with a boundary.", code: "unsupported_content_type");
        var mark = Encoding.Latin1.GetBytes("--" + boundary.Groups["value"].Value.Trim('"'));
        var body = request.Body;
        if (!body.Span.StartsWith(mark)) throw Broken("it does not begin with the boundary");
        body = body[mark.Length..];
        var parts = new List<MultipartPart>();
        byte[] next = [.. "\r\n"u8, .. mark];
        while (!body.Span.StartsWith("--"u8))
        {
            if (!body.Span.StartsWith("\r\n"u8)) throw Broken("a boundary is not followed by a line end");
            var end = body.Span[2..].IndexOf(next);
            if (end < 0) throw Broken("the closing boundary is missing");
            parts.Add(ReadPart(body.Slice(2, end)));
            body = body[(2 + end + next.Length)..];
        }

        if (!body.Span[2..].TrimStart("\r\n"u8).IsEmpty) throw Broken("bytes follow the closing boundary");
        return new MultipartForm(parts);
    }

    /// <exception cref="RefusedException">A field is unknown, missing, or came twice.</exception>
    public void Check(string[] required, string[] optional)
    {
        foreach (var part in _parts)
        {
            var name = part.Name.EndsWith("[]", StringComparison.Ordinal) ? part.Name[..^2] : part.Name;
            if (!required.Contains(name) && !optional.Contains(name)) throw new RefusedException(400, $"Unrecognized request argument supplied: {part.Name}");
            if (name == part.Name && _parts.Count(other => other.Name == name) > 1) throw new RefusedException(400, $"The field '{name}' came more than once.", name);
        }

        foreach (var name in required)
        {
            if (Find(name) is null) throw new RefusedException(400, $"Missing required parameter: '{name}'.", name, "missing_required_parameter");
        }

        if (Find("file") is { FileName: null }) throw new RefusedException(400, "The field 'file' must be a file: its part has no filename.", "file");
    }

    public MultipartPart? Find(string name) => _parts.Find(part => part.Name == name);

    private static MultipartPart ReadPart(ReadOnlyMemory<byte> part)
    {
        var end = part.Span.IndexOf("\r\n\r\n"u8);
        if (end < 0) throw Broken("a part has no empty line behind its headers");
        string? disposition = null;
        string? type = null;
        foreach (var line in Encoding.UTF8.GetString(part.Span[..end]).Split("\r\n"))
        {
            if (line.StartsWith("Content-Disposition:", StringComparison.OrdinalIgnoreCase)) disposition = line;
            if (line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase)) type = line["Content-Type:".Length..].Trim();
        }

        var name = NamePattern().Match(disposition ?? "");
        if (!name.Success) throw Broken("a part has no name");
        var file = FileNamePattern().Match(disposition!);
        return new MultipartPart(name.Groups["value"].Value.Trim('"'), file.Success ? file.Groups["value"].Value.Trim('"') : null, type, part[(end + 4)..]);
    }

    private static RefusedException Broken(string how) => new(400, $"Could not parse the multipart form: {how}.", code: "invalid_multipart");

    [GeneratedRegex(";\\s*boundary=(?<value>\"[^\"]+\"|[^;\\s]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BoundaryPattern();

    [GeneratedRegex(";\\s*name=(?<value>\"[^\"]*\"|[^;\\s]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NamePattern();

    [GeneratedRegex(";\\s*filename=(?<value>\"[^\"]*\"|[^;\\s]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FileNamePattern();
}
