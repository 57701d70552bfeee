using Penstock.Core.Tests.Json;
using Penstock.Json;

namespace Penstock.Core.Tests.Dialects.OpenAi;

/// <summary>A body, changed.</summary>
internal static class Shaping
{
    public static string Shape(string body, Action<BodyEditor> change)
    {
        var editor = Bodies.Edit(body);
        change(editor);
        return Bodies.Text(editor);
    }
}
