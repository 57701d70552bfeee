using System.Text;
using Penstock.Json;

namespace Penstock.Core.Tests.Json;

/// <summary>Request bodies as tests write and read them.</summary>
internal static class Bodies
{
    public static BodyScan Scan(string body)
    {
        var scan = new BodyScan();
        scan.Read(Encoding.UTF8.GetBytes(body));
        return scan;
    }

    /// <summary>An editor over a body, with nothing changed yet.</summary>
    public static BodyEditor Edit(string body)
    {
        var editor = new BodyEditor();
        editor.Start(Scan(body));
        return editor;
    }

    /// <summary>The body as it would be sent.</summary>
    public static string Text(BodyEditor editor)
    {
        var text = new MemoryStream();
        var segments = editor.Build();
        for (var i = 0; i < segments.Count; i++) text.Write(segments[i].Span);
        Assert.Equal(segments.Length, text.Length);
        return Encoding.UTF8.GetString(text.ToArray());
    }
}
