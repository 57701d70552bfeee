using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Penstock.Fuzz.Tests.References;

/// <summary>What a watcher should know of a chat stream, found by reading every event whole. Names count as they are spelled.</summary>
internal sealed class ReferenceChatWatcher(int choices)
{
    private static readonly string[] Contents =
        ["content", "reasoning", "reasoning_content", "reasoning_details", "refusal", "tool_calls", "function_call", "audio", "images", "content_blocks"];

    private readonly HashSet<int> _finished = [];

    public bool HasContent { get; private set; }

    public bool IsComplete { get; private set; }

    public bool HasEndMark { get; private set; }

    public string? Error { get; private set; }

    public void OnEvent(string name, string latin1Data)
    {
        var data = latin1Data.Trim(' ', '\t');
        if (data == "[DONE]")
        {
            (HasEndMark, IsComplete) = (true, true);
            return;
        }

        if (name == "error") Error ??= data;
        else if (data.StartsWith('{')) OnChunk(data);
    }

    private void OnChunk(string data)
    {
        try
        {
            // What follows the object is not looked at: the client judges that.
            var reader = new Utf8JsonReader(Encoding.Latin1.GetBytes(data));
            using var document = JsonDocument.ParseValue(ref reader);
            var members = Members(document.RootElement);
            if (members.Any(member => member.Name == "error" && Says(member.Value)))
            {
                Error ??= data;
                return;
            }

            foreach (var (name, value) in members)
            {
                if (name == "choices" && value.ValueKind == JsonValueKind.Array) OnChoices(value);
            }

            IsComplete |= _finished.Count >= choices;
        }
        catch (JsonException)
        {
            // Passed over.
        }
    }

    private void OnChoices(JsonElement list)
    {
        var position = 0;
        foreach (var choice in list.EnumerateArray())
        {
            var index = position++;
            if (choice.ValueKind != JsonValueKind.Object) continue;
            var isFinished = false;
            foreach (var (name, value) in Members(choice))
            {
                if (name == "index" && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var stated)) index = stated;
                if (name == "finish_reason") isFinished = value.ValueKind != JsonValueKind.Null && !IsEmptyText(value);
                if (name == "text") HasContent |= IsFilled(value);
                if (name is "delta" or "message" && value.ValueKind == JsonValueKind.Object) HasContent |= Members(value).Any(member => Contents.Contains(member.Name) && IsFilled(member.Value));
            }

            if (!isFinished) continue;
            HasContent = true;
            _finished.Add(Math.Clamp(index, 0, 127));
        }
    }

    private static bool Says(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => false,
        JsonValueKind.String => !IsEmptyText(value),
        _ => true,
    };

    private static bool IsFilled(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => false,
        JsonValueKind.String => !IsEmptyText(value),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.GetPropertyCount() > 0,
        _ => true,
    };

    private static bool IsEmptyText(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).SequenceEqual("\"\""u8);

    /// <summary>Names by their bytes: one spelled with escapes is another.</summary>
    private static List<(string Name, JsonElement Value)> Members(JsonElement element) =>
        [.. element.EnumerateObject().Select(member => (Encoding.Latin1.GetString(JsonMarshal.GetRawUtf8PropertyName(member)), member.Value))];
}
