namespace Penstock.Simulator.OpenAi;

internal sealed record MultipartPart(string Name, string? FileName, string? ContentType, ReadOnlyMemory<byte> Content)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Content.Span);
}
