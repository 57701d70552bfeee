using System.Text.Json;
using Penstock.Json;

namespace Penstock.Dialects.OpenAi;

/// <summary>
/// Watches <c>chat.completion.chunk</c> and <c>text_completion</c> streams. Until content came, every event is read;
/// from then on only those in which a search finds something that matters.
/// </summary>
/// <param name="choices">How many choices were asked for: each must finish, unless the end mark comes.</param>
internal sealed class ChatStreamWatcher(int choices) : StreamWatcher
{
    private ChoiceSet _finished;

    public override void OnEvents(ReadOnlySpan<byte> wholeEvents)
    {
        if (HasContent && !ChatStreamSearch.MayMatter(wholeEvents)) return;
        foreach (var @event in new SseEvents(wholeEvents))
        {
            OnEvent(@event);
        }
    }

    private void OnEvent(SseEvent @event)
    {
        var data = @event.Data.Trim(" \t"u8);
        if (data.SequenceEqual("[DONE]"u8))
        {
            HasEndMark = true;
            IsComplete = true;
            return;
        }

        var isError = @event.Name.SequenceEqual("error"u8);
        if (!isError && data is [(byte)'{', ..] && (!HasContent || ChatStreamSearch.MayMatter(data)))
        {
            isError = !TryReadChunk(data);
        }

        if (isError) Error ??= data.ToArray();
    }

    /// <returns>False if the chunk is an error. It then counts neither as content nor as an end.</returns>
    private bool TryReadChunk(ReadOnlySpan<byte> data)
    {
        try
        {
            var chunk = ChatChunkReader.Read(data, _finished);
            if (chunk.IsError) return false;
            _finished = chunk.Finished;
            HasContent |= chunk.HasContent;
            IsComplete |= _finished.Count >= choices;
        }
        catch (JsonException)
        {
            // The client gets it as it is and may make more of it.
        }

        return true;
    }
}
