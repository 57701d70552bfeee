using System.Text;

namespace Penstock.Fuzz.Tests.Inputs;

/// <summary>Values of headers as a server hands them on: any character, but no line break and no zero.</summary>
internal static class HeaderValues
{
    private static readonly string[] Words =
    [
        "", " ", "Bearer ", "bearer", "Bearer Bearer ", "Basic abc", "sk-1", "pst_1", "DUMMY-KEY", "null", "undefined", "x", "0", "1", "120", "1.5", "-1", "1e3", "NaN", "99999999999999999999", ".",
        "Wed, 21 Oct 2026 07:28:00 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "{}", "{\"a\":1}", "[]",
        "openai", "groqq", "@slug", "@slug/model", "openai/gpt-4o", "OPENAI", "p0", "x-a,x-b", "x-portkey-forward-headers", "authorization", "https://api.example.com/v1", "http://127.0.0.1:9",
        "http://169.254.169.254", "http://10.0.0.1", "é", "😀", "\t", ",", ";", "\"", "%2e%2e", "../", "{\"provider\":\"openai\"}", "{\"retry\":{\"attempts\":2}}", "{\"a\":\"\\ud800\"}",
    ];

    /// <summary>One value: a word, several, or a damaged one.</summary>
    public static string Any(Dice dice, params ReadOnlySpan<string> fitting)
    {
        var value = new StringBuilder();
        for (var i = 1 + dice.Size(2); i > 0; i--) value.Append(fitting.Length > 0 && dice.OneIn(2) ? dice.Pick(fitting) : dice.Pick(Words));
        if (dice.OneIn(60)) value.Append(dice.Pick('a', '{', '[', '.', '/', '9'), dice.Pick(70, 300, 5_000));
        return dice.OneIn(3) ? Clean(Mutator.Damage(dice, Encoding.UTF8.GetBytes(value.ToString()))) : value.ToString();
    }

    /// <summary>Bytes as the server reads them: UTF-8, else Latin-1; it refuses line breaks and zeros itself, and cuts white space off.</summary>
    public static string Clean(byte[] bytes) =>
        Hosting.HeaderText.Encoding.GetString(bytes).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal).Trim(' ', '\t');
}
