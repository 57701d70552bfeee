using System.Globalization;
using System.Text;
using Penstock.Config;
using Penstock.Dialects.OpenAi;
using Penstock.Json;
using Penstock.Providers;

namespace Penstock.Pipeline;

/// <summary>
/// The request body on its way to one target. Most pass as they came; an editor is made only when something changes.
/// Its segments live as long as a call may still be sending them, so it is never used again.
/// </summary>
internal struct ShapedBody(Exchange exchange)
{
    private BodyEditor? _editor;

    /// <summary>The model that will be sent, or null.</summary>
    public string? Model { get; private set; } = exchange.Scan?.Model;

    /// <summary>How many choices are asked for, at least 1.</summary>
    public readonly int Choices =>
        _editor is { IsChanged: true } editor
            ? editor.TryGetRaw("n", out var raw) && int.TryParse(Encoding.UTF8.GetString(raw), CultureInfo.InvariantCulture, out var n) && n > 0 ? n : 1
            : exchange.Scan?.Choices ?? 1;

    /// <summary>Whether the answer is to be a stream.</summary>
    public readonly bool Streams =>
        _editor is { IsChanged: true } editor ? editor.TryGetRaw("stream", out var raw) && raw.SequenceEqual("true"u8) : exchange.Scan?.Stream ?? false;

    public void Apply(LeafSettings settings)
    {
        if (exchange.Scan is null || !settings.ChangesBody) return;
        RequestShaper.Apply(Edit(), settings);
        ReadModel();
    }

    public void Apply(Quirks quirks, IReadOnlyDictionary<string, string> options)
    {
        if (exchange.Scan is null || quirks.IsEmpty) return;
        RequestShaper.Apply(Edit(), quirks, quirks.Model?.Fill(options));
        ReadModel();
    }

    public void SetModel(string? model)
    {
        if (exchange.Scan is null || model is null || model == Model) return;
        RequestShaper.SetModel(Edit(), model);
        Model = model;
    }

    public readonly BodySegments Build()
    {
        if (_editor is not null) return _editor.Build();
        return exchange.Body is { } body ? new BodySegments([exchange.Scan?.Body ?? body.Memory], 1) : default;
    }

    private BodyEditor Edit()
    {
        if (_editor is not null) return _editor;
        _editor = new BodyEditor();
        _editor.Start(exchange.Scan!);
        return _editor;
    }

    private void ReadModel()
    {
        if (!_editor!.IsChanged) return;
        Model = _editor.TryGetRaw("model", out var raw) && raw[0] == (byte)'"' ? JsonEscapes.Text(raw[1..^1]) : null;
    }
}
