using System.Text;
using Penstock.Json;

namespace Penstock.Core.Tests.Dialects.OpenAi;

/// <summary>A body, changed.</summary>
internal static class Shaping
{
    public static string Shape(string body, Action<BodyEditor> change)
    {
        var scan = new BodyScan();
        scan.Read(Encoding.UTF8.GetBytes(body));
        var editor = new BodyEditor();
        editor.Start(scan);
        change(editor);
        return Encoding.UTF8.GetString(editor.Build().ToArray());
    }
}
